using System.Buffers.Binary;
using System.Text;
using Quantize.Tests;

namespace Quantize.Package.Tests;

/// <summary>Files that are .tflite already, from the item to the prediction.</summary>
public sealed class TfLiteTests(PackageFeed feed)
{
    private const int Side = 224;

    [Fact]
    public void A_classifier_of_full_integers_tells_the_label_of_a_picture()
    {
        string folder = Repository.Shared("data", "models", "tflite", "coral");
        var consumer = Consumer.Restored(feed, "Coral");
        consumer.Write("models/birds.tflite", File.ReadAllBytes(Path.Combine(folder, "mobilenet_v2_1.0_224_quant.tflite")));
        consumer.Write("models/birds.txt", File.ReadAllBytes(Path.Combine(folder, "imagenet_labels.txt")));
        consumer.Write("picture.bin", Picture(File.ReadAllBytes(Path.Combine(folder, "bird.bmp"))));
        consumer.Write("Program.cs", """
            byte[] pixels = File.ReadAllBytes(args[0]);
            float[] numbers = [.. pixels.Select(pixel => (pixel - 127.5f) / 127.5f)];
            App.BirdsModel.Prediction bird = App.BirdsModel.Predict(numbers);
            App.BirdsModel.RawPrediction raw = App.BirdsModel.PredictRaw(pixels);
            Console.WriteLine($"{bird.Label}|{raw.Label}|{raw.TopLabels(3).Count}|{bird.TopLabels(1)[0].Value > 0.5f}|{App.BirdsModel.Labels.Count}");
            """);
        consumer.SetItems("<TfModel Include=\"models/birds.tflite\" Labels=\"models/birds.txt\" />");
        Assert.Equal(["BirdsModel"], consumer.Build().Succeeded().Converted);
        Assert.Equal("chickadee|chickadee|3|True|1001", Run(consumer, consumer.PathOf("picture.bin")));

        Assert.Equal(0, consumer.Build().Succeeded().Processes);
        consumer.Write("models/birds.txt", "one\ntwo\n");
        Assert.Contains("names a file of 2 labels, and no output has that many values", consumer.Build().Error("QNT4014"), StringComparison.Ordinal);
        File.Delete(consumer.PathOf("models/birds.txt"));
        Assert.Contains("there is no such file", consumer.Build().Error("QNT4013"), StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_operators_are_an_error_until_the_item_names_their_class()
    {
        const string BuiltIn = "TFLite_Detection_PostProcess", Unknown = "TFLite_Detection_PostProcesX";
        byte[] model = File.ReadAllBytes(Path.Combine(Repository.Shared("data", "tflite_typed"), "detection_postprocess", "fast_hand", "model.tflite"));
        Encoding.ASCII.GetBytes(Unknown).CopyTo(model, model.AsSpan().IndexOf(Encoding.ASCII.GetBytes(BuiltIn)));
        var consumer = Consumer.Restored(feed, "Custom");
        consumer.Write("models/boxes.tflite", model);
        consumer.SetItems("models/boxes.tflite");
        Assert.Contains($"the custom operators '{Unknown}'", consumer.Build().Error("QNT4015"), StringComparison.Ordinal);

        consumer.SetItems("<TfModel Include=\"models/boxes.tflite\" CustomOperators=\"App.Boxes\" />");
        Assert.Contains("names the class 'App.Boxes', which neither", consumer.Build().Error("QNT5007"), StringComparison.Ordinal);

        consumer.Write("Boxes.cs", $$"""
            using Quantize.Runtime;

            namespace App;

            internal static class Boxes
            {
                public static IReadOnlyList<CustomOperator> All { get; } = [new("{{Unknown}}", Prepare)];

                private static CustomKernel Prepare(CustomOperatorContext context)
                {
                    for (int i = 0; i < context.OutputCount; i++)
                        context.SetOutputShape(i, 1);
                    int last = context.OutputCount - 1;
                    return run => run.Output<float>(last)[0] = 7;
                }
            }
            """);
        consumer.Write("Program.cs", """
            using Quantize.Runtime;

            using Session session = App.BoxesModel.Model.CreateSession();
            session.Run();
            Console.WriteLine(session.Output<float>(session.Signature.Outputs.Count - 1)[0]);
            """);
        consumer.Build().Succeeded();
        Assert.Equal("7", Run(consumer));
    }

    private static string Run(Consumer consumer, params string[] arguments) =>
        Command.Run(Command.Dotnet, consumer.Folder, ["exec", consumer.PathOf("bin/Debug/net10.0/App.dll"), .. arguments]).Succeeded().Output.Trim();

    /// <summary>The pixels of a 24-bit bitmap as red, green and blue, each the mean of those that fall on it.</summary>
    private static byte[] Picture(ReadOnlySpan<byte> bitmap)
    {
        int start = BinaryPrimitives.ReadInt32LittleEndian(bitmap[10..]), width = BinaryPrimitives.ReadInt32LittleEndian(bitmap[18..]), height = BinaryPrimitives.ReadInt32LittleEndian(bitmap[22..]);
        Assert.Equal(24, BinaryPrimitives.ReadInt16LittleEndian(bitmap[28..]));
        int rowLength = (width * 3 + 3) / 4 * 4;
        byte[] picture = new byte[Side * Side * 3];
        for (int i = 0; i < picture.Length; i++)
        {
            int y = i / 3 / Side, x = i / 3 % Side, channel = 2 - i % 3, sum = 0, count = 0;
            for (int row = y * height / Side; row < Math.Max((y + 1) * height / Side, y * height / Side + 1); row++)
            {
                for (int column = x * width / Side; column < Math.Max((x + 1) * width / Side, x * width / Side + 1); column++, count++)
                    sum += bitmap[start + (height - 1 - row) * rowLength + column * 3 + channel];
            }

            picture[i] = (byte)(sum / count);
        }

        return picture;
    }
}
