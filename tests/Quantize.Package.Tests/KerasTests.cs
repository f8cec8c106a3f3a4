using System.Globalization;
using System.Runtime.InteropServices;
using Quantize.Tests;

namespace Quantize.Package.Tests;

/// <summary>Files as Keras users have them, from the item to the prediction.</summary>
public sealed class KerasTests(PackageFeed feed)
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("app_mobilenetv2_035_h5", "model.h5", "in.input_1")]
    [InlineData("app_mobilenetv3_small_keras", "model.keras", "in.keras_tensor")]
    public void A_network_in_a_Keras_file_predicts_what_Keras_predicts(string name, string file, string input)
    {
        string folder = Repository.Shared("data", "keras_files", name);
        Predicts(Consumer.Restored(feed, "Keras" + name.Length), folder, file, input, File.ReadAllBytes(Path.Combine(folder, file)));
    }

    /// <summary>The corpus has the network as <c>.h5</c> only: what Keras 3 makes of it is written here.</summary>
    [Fact]
    public void A_MobileNetV2_in_a_keras_file_predicts_what_Keras_predicts()
    {
        string folder = Repository.Shared("data", "keras_files", "app_mobilenetv2_035_h5");
        var consumer = Consumer.Restored(feed, "KerasMobileNetV2");
        Keras3Archive.Write(consumer.PathOf("model.keras"), Path.Combine(folder, "model.h5"));
        Predicts(consumer, folder, "model.keras", "in.input_1", File.ReadAllBytes(consumer.PathOf("model.keras")));
    }

    private static void Predicts(Consumer consumer, string folder, string file, string input, byte[] model)
    {
        Safetensors tensors = Safetensors.Read(Path.Combine(folder, "io.safetensors"));
        consumer.Write($"models/mobilenet/{file}", model);
        consumer.Write("picture.bin", tensors.Bytes(input).ToArray());
        consumer.Write("Program.cs", """
            using System.Globalization;
            using System.Runtime.InteropServices;

            float[] picture = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(args[0])).ToArray();
            var shares = new float[10];
            App.MobilenetModel.Predict(picture, shares);
            Console.WriteLine(string.Join(' ', shares.Select(share => share.ToString("R", CultureInfo.InvariantCulture))));
            """);
        consumer.SetItems($"<TfModel Include=\"models/mobilenet/{file}\" Quantization=\"None\" />");
        Assert.Equal(["MobilenetModel"], consumer.Build().Succeeded().Converted);

        float[] expected = MemoryMarshal.Cast<byte, float>(tensors.Bytes("out.0")).ToArray();
        string[] program = ["exec", consumer.PathOf("bin/Debug/net10.0/App.dll"), consumer.PathOf("picture.bin")];
        string output = Command.Run(Command.Dotnet, consumer.Folder, program).Succeeded().Output.Trim();
        float[] actual = [.. output.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Tolerance * expected.Max()));
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
    }

    [Fact]
    public void An_architecture_is_converted_again_when_the_weights_beside_it_change()
    {
        string folder = Repository.Shared("data", "keras_files", "dense_pair");
        var consumer = Consumer.Restored(feed, "KerasPair");
        consumer.Write("models/pair.json", File.ReadAllBytes(Path.Combine(folder, "model.json")));
        consumer.Write("models/pair.h5", File.ReadAllBytes(Path.Combine(folder, "model.h5")));
        consumer.SetItems("models/pair.json");
        Assert.Equal(["PairModel"], consumer.Build().Succeeded().Converted);
        Assert.Equal(0, consumer.Build().Succeeded().Processes);

        File.Delete(consumer.PathOf("models/pair.h5"));
        Assert.Contains("'pair.weights.h5'", consumer.Build().Error("QNT1044"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_code_fails_the_build_by_name()
    {
        var consumer = Consumer.Restored(feed, "KerasCode");
        consumer.Write("models/lambda.keras", File.ReadAllBytes(Path.Combine(Repository.Shared("data", "keras_files", "refuse_lambda_keras"), "model.keras")));
        consumer.SetItems("models/lambda.keras");
        Assert.Contains("Layer 'my_lambda' of the class Lambda", consumer.Build().Error("QNT1040"), StringComparison.Ordinal);
    }
}
