using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Mnist;

/// <summary>What the sample prints: tables with lines on a terminal, plain text in a file or a pipe.</summary>
internal static class Report
{
    private const int Step = 500;
    private const string Ink = " .:-=+*#%@";

    private static readonly bool s_isTerminal = AnsiConsole.Profile.Out.IsTerminal;

    public static void WithProgress(int count, Action<Action> work)
    {
        if (s_isTerminal)
            AnsiConsole.Progress().AutoClear(true).Start(context => WithTask(context.AddTask("Predicting", maxValue: count)));
        else
            work(() => { });

        void WithTask(ProgressTask task) => work(() => task.Increment(1));
    }

    public static void Accuracy(Evaluation floats, Evaluation quantized)
    {
        Table table = NewTable("Pictures", floats.Name, quantized.Name);
        for (int count = Step; count <= floats.Count; count += Step)
            table.AddRow(Number(count), Part(floats.Accuracy(count)), Part(quantized.Accuracy(count)));
        Print("Accuracy on the test pictures", table);
    }

    public static void Comparison(Evaluation floats, Evaluation quantized)
    {
        Table table = NewTable("", floats.Name, quantized.Name);
        table.AddRow("Bytes", Number(floats.Bytes), Number(quantized.Bytes));
        table.AddRow("Mean time of a picture", Milliseconds(floats.MeanTime), Milliseconds(quantized.MeanTime));
        table.AddRow("99 % take at most", Milliseconds(floats.SlowTime), Milliseconds(quantized.SlowTime));
        Print("The two models", table);
        double ratio = floats.Bytes / (double)quantized.Bytes;
        double speed = floats.MeanTime / quantized.MeanTime;
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Quantized, the model is {ratio:F2} times smaller and {speed:F1} times as fast."));
        AnsiConsole.WriteLine($"Both give the same answer to {Number(floats.Agreement(quantized))} of {Number(floats.Count)} pictures.");
        AnsiConsole.WriteLine();
    }

    public static void Digit(Digits digits, int index, MnistModel.Prediction prediction)
    {
        AnsiConsole.Write(Drawing(digits.Image(index)));
        string sure = Part(prediction.Probabilities[prediction.Classes]);
        AnsiConsole.WriteLine($"Picture {index} shows a {digits.Label(index)}. Predicted: {prediction.Classes}, with probability {sure}.");
    }

    /// <summary>Two characters for each pixel, which makes it about square.</summary>
    private static string Drawing(ReadOnlySpan<float> image)
    {
        var text = new StringBuilder();
        for (int y = 0; y < Digits.Side; y++)
        {
            ReadOnlySpan<float> row = image.Slice(y * Digits.Side, Digits.Side);
            if (!row.ContainsAnyExcept(0f))
                continue;
            foreach (float pixel in row.TrimEnd(0f))
                text.Append(Ink[(int)(pixel * (Ink.Length - 1))], 2);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = s_isTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (string column in columns)
            table.AddColumn(column, added => added.RightAligned());
        return table;
    }

    private static void Print(string title, Table table)
    {
        AnsiConsole.WriteLine(title);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Part(double value) => value.ToString("F6", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F3} ms");
}
