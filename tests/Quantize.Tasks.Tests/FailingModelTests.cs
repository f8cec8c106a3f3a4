using Quantize.Build;
using Quantize.Converter;

namespace Quantize.Tasks.Tests;

public sealed class FailingModelTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_failing_model_leaves_nothing_and_the_others_are_converted()
    {
        _fixture.OnConvert = request =>
        {
            if (request.ModelPath.EndsWith("bad", StringComparison.Ordinal))
                throw new ConversionException(DiagnosticTable.ModelDamaged, request.ModelPath, "it ends in byte 7");
        };
        IReadOnlyList<BuildLine> lines = _fixture.Build(_fixture.Model("bad"), _fixture.Model("good"));
        BuildLine error = Assert.Single(lines, line => line.Kind == BuildLine.Diagnostic);
        Assert.Equal(("QNT1002", "error", _fixture.PathOf("bad")), (error.Code, error.Severity, error.File));
        Assert.Contains("it ends in byte 7", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("QNT1002.md", error.HelpLink, StringComparison.Ordinal);
        Assert.Equal("GoodModel", Assert.Single(lines, line => line.Kind == BuildLine.Model).ClassName);
        Assert.Equal(["GoodModel.signature", "GoodModel.tflite"], _fixture.Results());
        Assert.Empty(Directory.EnumerateDirectories(_fixture.Store, "unfinished-*"));
    }

    [Fact]
    public void After_a_failure_the_last_good_result_is_still_there()
    {
        ModelRequest model = _fixture.Model("mnist", "good");
        _fixture.Build(model);
        _fixture.OnConvert = request => throw new ConversionException(DiagnosticTable.ModelDamaged, request.ModelPath, "so");
        _fixture.Build(_fixture.Model("mnist", "broken"));
        _fixture.OnConvert = _ => { };
        Assert.Equal(BuildLine.UpToDate, Assert.Single(_fixture.Build(_fixture.Model("mnist", "good"))).State);
    }

    [Fact]
    public void Whatever_the_converter_throws_names_the_model()
    {
        _fixture.OnConvert = _ => throw new InvalidOperationException("the impossible");
        BuildLine error = Assert.Single(_fixture.Build(_fixture.Model("mnist")));
        Assert.Equal(("QNT4008", _fixture.PathOf("mnist")), (error.Code, error.File));
        Assert.Contains("InvalidOperationException: the impossible", error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Results());
    }

    [Fact]
    public void A_model_that_changes_while_it_is_read_is_refused()
    {
        _fixture.OnConvert = request => File.WriteAllText(Path.Combine(request.ModelPath, "saved_model.pb"), "another content");
        Assert.Equal("QNT4009", Assert.Single(_fixture.Build(_fixture.Model("mnist"))).Code);
        Assert.Empty(_fixture.Results());
    }

    [Theory]
    [InlineData("Quantization", "Int4", "None, DynamicRange, DynamicRangePerTensor")]
    [InlineData("Quantization", "1", "None, DynamicRange, DynamicRangePerTensor")]
    [InlineData("Arithmetic", "Sloppy", "Precise, Fast")]
    public void An_unknown_value_is_told_with_the_known_ones(string metadata, string value, string known)
    {
        ModelRequest model = _fixture.Model("mnist");
        (model.Quantization, model.Arithmetic) = metadata == "Quantization" ? (value, "") : ("", value);
        BuildLine error = Assert.Single(_fixture.Build(model));
        Assert.Equal("QNT4003", error.Code);
        Assert.Equal($"The TfModel item's {metadata} is '{value}'; it can be {known}", error.Message);
        Assert.Equal(0, _fixture.Conversions);
    }

    [Fact]
    public void All_wrong_metadata_of_a_model_are_told_at_once()
    {
        ModelRequest model = _fixture.Model("mnist");
        (model.Quantization, model.Arithmetic, model.ClassName, model.Namespace) = ("x", "y", "2 b", "a..b");
        Assert.Equal(["QNT4003", "QNT4003", "QNT4005", "QNT4006"], _fixture.Build(model).Select(line => line.Code));
    }

    [Theory]
    [InlineData("a/mnist", "b/mnist")]
    [InlineData("a/mnist", "b/MNIST")]
    [InlineData("mnist/1", "mnist/2")]
    public void Two_models_of_one_class_name_are_both_named(string first, string second)
    {
        IReadOnlyList<BuildLine> lines = _fixture.Build(_fixture.Model(first), _fixture.Model(second), _fixture.Model("other"));
        BuildLine error = Assert.Single(lines, line => line.Kind == BuildLine.Diagnostic);
        Assert.Equal("QNT4004", error.Code);
        Assert.Contains($"'{first}', '{second}'", error.Message, StringComparison.Ordinal);
        Assert.Single(lines, line => line.Kind == BuildLine.Model);
    }

    [Fact]
    public void One_class_name_in_two_namespaces_is_well()
    {
        ModelRequest second = _fixture.Model("b/mnist");
        second.Namespace = "Elsewhere";
        Assert.All(_fixture.Build(_fixture.Model("a/mnist"), second), line => Assert.Equal(BuildLine.Converted, line.State));
    }
}
