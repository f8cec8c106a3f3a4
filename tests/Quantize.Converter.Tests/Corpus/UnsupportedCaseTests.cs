using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>Graphs that no inference runtime can run: the error names the node and its operation.</summary>
public sealed class UnsupportedCaseTests
{
    [Fact]
    public void Every_unsupported_operation_is_told_with_its_node()
    {
        Repository.Shared("data", "tf_ops");
        TensorFlowCase[] cases = [.. TensorFlowCase.All().Where(test => test.Entry.TryGetProperty("expect_error", out _))];
        Assert.NotEmpty(cases);
        foreach (TensorFlowCase test in cases)
        {
            string op = test.Entry.GetProperty("expect_error").GetProperty("op").GetString()!, node = test.Entry.GetProperty("expect_error").GetProperty("node").GetString()!;
            var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(test.Request(QuantizationScheme.DynamicRange)));
            Assert.True(
                exception.Diagnostics.Any(diagnostic => diagnostic.Entry == DiagnosticTable.UnsupportedOperation && diagnostic.Message.Contains($"'{node}'") && diagnostic.Message.Contains($" {op} ")),
                $"{test.Id}: {node} ({op}) is not named in {exception.Message}");
        }
    }
}
