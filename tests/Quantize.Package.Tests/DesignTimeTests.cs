using System.Text.Json;

namespace Quantize.Package.Tests;

public sealed class DesignTimeTests(PackageFeed feed)
{
    [Fact]
    public void An_editor_gets_the_signature_without_a_conversion_and_later_the_finished_one()
    {
        var consumer = Consumer.Restored(feed, "DesignTime");
        consumer.Write("models/tiny.pb", FrozenGraph.Write());
        consumer.SetItems("models/tiny.pb");

        JsonElement items = Items(consumer.DesignTimeBuild());
        string signature = Assert.Single(Identities(items, "AdditionalFiles"));
        Assert.EndsWith("TinyModel.signature", signature, StringComparison.Ordinal);
        Assert.True(File.Exists(signature));
        Assert.Empty(Identities(items, "EmbeddedResource"));
        Assert.Contains(consumer.PathOf("models/tiny.pb"), Identities(items, "UpToDateCheckInput"));
        Assert.Contains("TfModel", Identities(items, "AvailableItemName"));
        Assert.Equal(["TinyModel.signature"], consumer.StoredFiles());
        Assert.Equal(0, consumer.DesignTimeBuild().Processes);

        consumer.Build().Succeeded();
        items = Items(consumer.DesignTimeBuild());
        Assert.NotEqual(signature, Assert.Single(Identities(items, "AdditionalFiles")));
        JsonElement model = Assert.Single(items.GetProperty("QuantizedModel").EnumerateArray().ToArray());
        Assert.Equal("App.TinyModel.tflite", model.GetProperty("LogicalName").GetString());
        Assert.Equal("TinyModel", model.GetProperty("ClassName").GetString());
        Assert.Equal("models/tiny.pb", model.GetProperty("SourceModel").GetString());
        Assert.True(File.Exists(model.GetProperty("Identity").GetString()));
    }

    private static JsonElement Items(BuildResult build) => JsonDocument.Parse(build.Succeeded().Output).RootElement.GetProperty("Items");

    private static List<string> Identities(JsonElement items, string name) => [.. items.GetProperty(name).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
}
