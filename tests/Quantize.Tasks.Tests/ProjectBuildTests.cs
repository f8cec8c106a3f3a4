using Quantize.Build;
using Quantize.Converter;
using Quantize.Tool.Build;

namespace Quantize.Tasks.Tests;

public sealed class ProjectBuildTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_first_build_writes_the_model_and_its_signature()
    {
        BuildLine line = Assert.Single(_fixture.Build(_fixture.Model("mnist", "the weights")));
        Assert.Equal(BuildLine.Model, line.Kind);
        Assert.Equal(BuildLine.Converted, line.State);
        Assert.Equal("mnist", line.Source);
        Assert.Equal("App.MnistModel.tflite", line.ResourceName);
        Assert.Equal("the weights", File.ReadAllText(line.TfLite!));
        var signature = ModelSignature.Parse(File.ReadAllText(line.Signature!));
        Assert.Equal(("MnistModel", "App", "App.MnistModel.tflite", "mnist"), (signature.ClassName, signature.Namespace, signature.ResourceName, signature.Source));
    }

    [Fact]
    public void What_did_not_change_is_not_converted_again()
    {
        ModelRequest model = _fixture.Model("mnist");
        BuildLine first = Assert.Single(_fixture.Build(model));
        BuildLine second = Assert.Single(_fixture.Build(model));
        Assert.Equal(BuildLine.UpToDate, second.State);
        Assert.Equal(first.TfLite, second.TfLite);
        Assert.Equal(1, _fixture.Conversions);
    }

    [Fact]
    public void Labels_are_a_part_of_the_model()
    {
        ModelRequest model = _fixture.Model("mnist");
        model.Labels = _fixture.PathOf("labels.txt");
        _fixture.Build(model);
        File.WriteAllText(model.Labels, "zero");
        Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(model)).State);
        File.WriteAllText(model.Labels, "null");
        File.SetLastWriteTimeUtc(model.Labels, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(model)).State);
        Assert.Equal(BuildLine.UpToDate, Assert.Single(_fixture.Build(model)).State);
        Assert.Equal([model.Labels, model.Labels, model.Labels], _fixture.Requests.Select(request => request.LabelsPath));
    }

    [Fact]
    public void Another_class_of_custom_operators_converts_again()
    {
        ModelRequest model = _fixture.Model("mnist");
        model.CustomOperators = "App.Old";
        _fixture.Build(model);
        model.CustomOperators = "App.New";
        Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(model)).State);
        Assert.Equal(["App.Old", "App.New"], _fixture.Requests.Select(request => request.CustomOperators));
    }

    [Fact]
    public void A_touched_model_is_not_converted_again()
    {
        ModelRequest model = _fixture.Model("mnist");
        _fixture.Build(model);
        File.SetLastWriteTimeUtc(Path.Combine(model.Path, "saved_model.pb"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(BuildLine.UpToDate, Assert.Single(_fixture.Build(model)).State);
        Assert.Equal(1, _fixture.Conversions);
    }

    [Fact]
    public void A_changed_model_is_converted_again_and_its_old_result_removed()
    {
        _fixture.Build(_fixture.Model("mnist", "old"));
        BuildLine line = Assert.Single(_fixture.Build(_fixture.Model("mnist", "newer")));
        Assert.Equal(BuildLine.Converted, line.State);
        Assert.Equal("newer", File.ReadAllText(line.TfLite!));
        Assert.Equal(["MnistModel.signature", "MnistModel.tflite"], _fixture.Results());
    }

    [Theory]
    [InlineData("variables/variables.index")]
    [InlineData("variables/variables.data-00000-of-00001")]
    [InlineData("assets/words.txt")]
    public void A_change_in_any_file_of_a_SavedModel_counts(string file)
    {
        ModelRequest model = _fixture.Model("mnist");
        _fixture.Build(model);
        string path = Path.Combine(model.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "something else");
        Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(model)).State);
    }

    [Fact]
    public void Each_option_counts()
    {
        ModelRequest Wish(Action<ModelRequest> change)
        {
            ModelRequest model = _fixture.Model("mnist");
            change(model);
            return model;
        }

        Action<ModelRequest>[] changes =
        [
            _ => { },
            model => model.ClassName = "Digits",
            model => model.Namespace = "Other.Space",
            model => model.RootNamespace = "Root",
            model => model.Quantization = "none",
            model => model.Arithmetic = "Fast",
            model => model.SignatureKey = "classify",
            model => model.Tags = ["serve", "gpu"],
            model => model.InputArrays = ["a"],
            model => model.OutputArrays = ["a"],
            model => model.KeepFloat = ["a"],
            model => model.InputShapes = ["a:1"],
        ];
        foreach (Action<ModelRequest> change in changes)
            Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(Wish(change))).State);
        Assert.Equal(changes.Length, _fixture.Conversions);
    }

    [Fact]
    public void A_new_version_of_the_tool_converts_again()
    {
        ModelRequest model = _fixture.Model("mnist");
        _fixture.Build(model);
        BuildRequest request = _fixture.Request(model);
        request.ToolVersion = "2";
        Assert.Equal(BuildLine.Converted, Assert.Single(_fixture.Build(request)).State);
    }

    [Fact]
    public void Metadata_reach_the_converter()
    {
        ModelRequest model = _fixture.Model("mnist");
        (model.Quantization, model.Arithmetic, model.SignatureKey) = ("dynamicrangepertensor", "FAST", "classify");
        (model.Tags, model.InputArrays, model.OutputArrays) = (["serve"], ["in"], ["out", "probabilities"]);
        (model.KeepFloat, model.InputShapes) = (["dense"], ["in:1,28"]);
        _fixture.Build(model);
        ConversionRequest request = Assert.Single(_fixture.Requests);
        Assert.Equal((QuantizationScheme.DynamicRangePerTensor, ArithmeticForm.Fast, "classify"), (request.Quantization, request.Arithmetic, request.SignatureKey));
        Assert.Equal(["serve"], request.Tags);
        Assert.Equal(["in"], request.InputArrays);
        Assert.Equal(["out", "probabilities"], request.OutputArrays);
        Assert.Equal(["dense"], request.KeepFloat);
        Assert.Equal(["in:1,28"], request.InputShapes);
        Assert.False(request.SignatureOnly);
    }

    [Fact]
    public void A_removed_item_takes_its_result_along()
    {
        ModelRequest kept = _fixture.Model("kept");
        _fixture.Build(kept, _fixture.Model("removed"));
        _fixture.Build(kept);
        Assert.Equal(["KeptModel.signature", "KeptModel.tflite"], _fixture.Results());
        _fixture.Build();
        Assert.Empty(_fixture.Results());
    }

    [Fact]
    public void What_another_configuration_uses_stays()
    {
        ModelRequest model = _fixture.Model("mnist");
        BuildRequest release = _fixture.Request(model);
        release.User = "Release";
        _fixture.Build(model);
        Assert.Equal(BuildLine.UpToDate, Assert.Single(_fixture.Build(release)).State);
        _fixture.Build();
        Assert.Equal(["MnistModel.signature", "MnistModel.tflite"], _fixture.Results());
        Assert.Equal(1, _fixture.Conversions);
    }

    [Fact]
    public void A_lost_file_of_a_result_is_made_again()
    {
        ModelRequest model = _fixture.Model("mnist");
        File.Delete(Assert.Single(_fixture.Build(model)).TfLite!);
        BuildLine line = Assert.Single(_fixture.Build(model));
        Assert.Equal(BuildLine.Converted, line.State);
        Assert.True(File.Exists(line.TfLite));
    }

    [Fact]
    public void Leftovers_of_an_ended_process_are_removed()
    {
        string leftover = Path.Combine(_fixture.Store, "unfinished-123");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, "MnistModel.tflite"), "half");
        _fixture.Build(_fixture.Model("mnist"));
        Assert.False(Directory.Exists(leftover));
    }

    [Fact]
    public void Two_models_are_converted_at_a_time()
    {
        using var both = new Barrier(2);
        _fixture.OnConvert = _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20)));
        Assert.All(_fixture.Build(_fixture.Model("a"), _fixture.Model("b")), line => Assert.Equal(BuildLine.Converted, line.State));
    }

    [Fact]
    public void A_store_is_changed_by_one_process_at_a_time()
    {
        using FileStream? first = StoreLock.Take(_fixture.Store, TimeSpan.Zero);
        Assert.NotNull(first);
        Assert.Null(StoreLock.Take(_fixture.Store, TimeSpan.FromMilliseconds(120)));
        first.Dispose();
        using FileStream? second = StoreLock.Take(_fixture.Store, TimeSpan.Zero);
        Assert.NotNull(second);
    }
}
