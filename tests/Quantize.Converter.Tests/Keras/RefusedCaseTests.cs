using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>Files with code, and damaged ones: each gets its error.</summary>
public sealed class RefusedCaseTests
{
    [Fact]
    public void Layers_that_are_code_are_refused_by_name_and_class()
    {
        Repository.Shared("data", "keras_files");
        KerasCase[] cases = [.. KerasCase.All().Where(test => test.Expectation == "refuse")];
        Assert.NotEmpty(cases);
        foreach (KerasCase test in cases)
        {
            string layer = test.Entry.GetProperty("refuse_layer").GetString()!, className = test.Entry.GetProperty("refuse_class").GetString()!;
            var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = test.ModelPath }));
            ModelDiagnostic only = Assert.Single(exception.Diagnostics);
            Assert.True(
                only.Entry == DiagnosticTable.KerasLayerIsCode && only.Message.Contains($"'{layer}'") && only.Message.Contains($" {className} "),
                $"{test.Name}: {layer} ({className}) is not named in {exception.Message}");
        }
    }

    [Fact]
    public void Damaged_files_get_one_clear_error()
    {
        Repository.Shared("data", "keras_files");
        KerasCase[] cases = [.. KerasCase.All().Where(test => test.Expectation == "error")];
        Assert.NotEmpty(cases);
        foreach (KerasCase test in cases)
        {
            var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = test.ModelPath }));
            TestContext.Current.TestOutputHelper!.WriteLine($"{test.Name}: {exception.Message}");
            Assert.Single(exception.Diagnostics);
        }
    }
}
