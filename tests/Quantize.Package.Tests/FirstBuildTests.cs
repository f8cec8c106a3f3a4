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

    private static List<string> Resources(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.ManifestResources.Select(handle => metadata.GetString(metadata.GetManifestResource(handle).Name))];
    }
}
