using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quantize.Package.Tests;

public sealed class FirstBuildTests(PackageFeed feed)
{
    [Fact]
    public void A_model_is_converted_once_and_embedded()
    {
        var consumer = Consumer.Restored(feed, nameof(A_model_is_converted_once_and_embedded));
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");
        BuildResult build = consumer.Build().Succeeded();
        Assert.Equal(1, build.Processes);
        Assert.Equal(["TinyModel"], build.Converted);
        Assert.Contains("models/tiny.pb -> TinyModel (", build.Output, StringComparison.Ordinal);
        Assert.Equal(["TinyModel.signature", "TinyModel.tflite"], consumer.StoredFiles());
        Assert.Equal(["App.TinyModel.tflite"], Resources(consumer.PathOf("bin/Debug/net10.0/App.dll")));
    }

    [Fact]
    public void The_class_predicts()
    {
        var consumer = Consumer.Restored(feed, nameof(The_class_predicts));
        consumer.Write("models/tiny.pb", FrozenGraph.Write(seed: 1));
        consumer.Write("models/quantized/saved_model.pb", FrozenGraph.WriteSavedModel(seed: 2));
        consumer.SetItems("""<TfModel Include="models/tiny.pb" Quantization="None" />""", "models/quantized");
        consumer.Write("Program.cs", $$"""
            using System.Globalization;
            using App;

            var x = new float[{{FrozenGraph.Inputs}}];
            for (int i = 0; i < x.Length; i++)
                x[i] = MathF.Sin(i);
            Print(TinyModel.Predict(x).Y);
            Print(QuantizedModel.Predict(x).Y);

            static void Print(float[] y) => Console.WriteLine(string.Join(" ", y.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
            """);
        consumer.Build().Succeeded();
        float[][] answers = [.. consumer.RunProgram().Split('\n').Select(line => line.Split(' ').Select(value => float.Parse(value, CultureInfo.InvariantCulture)).ToArray())];

        float[] x = [.. Enumerable.Range(0, FrozenGraph.Inputs).Select(i => MathF.Sin(i))];
        AssertNear(FrozenGraph.Answer(1, x), answers[0], 1e-4f);
        AssertNear(FrozenGraph.Answer(2, x), answers[1], 0.1f);
        Assert.NotEqual(FrozenGraph.Answer(2, x), answers[1]);
    }

    private static void AssertNear(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    private static List<string> Resources(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.ManifestResources.Select(handle => metadata.GetString(metadata.GetManifestResource(handle).Name))];
    }
}
