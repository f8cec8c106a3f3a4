using Spectre.Console;

namespace Quantize.Tool;

/// <summary>Where a command prints: tables with lines on a terminal, plain text in a file or a pipe.</summary>
internal sealed class Screen
{
    private readonly TextWriter _writer;
    private readonly bool _isTerminal;

    public Screen(TextWriter writer)
    {
        _writer = writer;
        _isTerminal = new AnsiConsoleOutput(writer).IsTerminal;
    }

    public void Line(string text = "") => _writer.Write(text + '\n');

    /// <summary>A column whose title begins with <c>&gt;</c> is aligned to the right.</summary>
    public void Table(string title, string[] columns, IEnumerable<string[]> rows)
    {
        bool[] right = [.. columns.Select(column => column.StartsWith('>'))];
        string[] titles = [.. columns.Select(column => column.TrimStart('>'))];
        Line(title);
        if (_isTerminal)
            Console().Write(Drawn(titles, right, rows));
        else
            _writer.Write(PlainTable.Format(titles, right, [.. rows]));
        Line();
    }

    /// <summary>Does <paramref name="work"/>, which tells its stage and the fraction that lies behind it; shown where somebody can see it.</summary>
    public T WithProgress<T>(Func<Action<string, double>, T> work)
    {
        if (!_isTerminal)
            return work((_, _) => { });
        return Console().Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask("start", maxValue: 1);
            return work((stage, fraction) =>
            {
                task.Description = Markup.Escape(stage);
                task.Value = fraction;
            });
        });
    }

    private static Table Drawn(string[] titles, bool[] right, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach ((string title, bool isRight) in titles.Zip(right))
            table.AddColumn(new TableColumn(new Text(title)) { Alignment = isRight ? Justify.Right : Justify.Left });
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }

    private IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_writer) });
}
