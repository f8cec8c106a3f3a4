using System.Text.RegularExpressions;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;

namespace Quantize.Architecture.Tests;

public sealed partial class OperatorTests
{
    /// <summary>The converter writes no operator that it does not name.</summary>
    [Fact]
    public void Every_builtin_that_the_converter_can_emit_the_runtime_can_run()
    {
        BuiltinOperator[] named = [.. SourceTree.Sources("src/Quantize.Converter")
            .SelectMany(path => BuiltinName().Matches(SourceTree.Text(path)).Select(match => Enum.Parse<BuiltinOperator>(match.Groups[1].Value)))
            .Distinct()];
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, code => code != BuiltinOperator.Custom && !OperatorTable.All.Has(code));
    }

    /// <summary>An application that names its operators must be able to name each one.</summary>
    [Fact]
    public void The_public_list_of_operators_is_the_runtimes_table()
    {
        OperatorKernel[] listed = [.. typeof(OperatorKernels).GetProperties().Select(property => (OperatorKernel)property.GetValue(null)!)];
        Assert.Equal(OperatorTable.All.Rows.Select(row => row.Code), listed.Select(kernel => kernel.Definition.Code).Distinct().Order());
    }

    [GeneratedRegex(@"BuiltinOperator\.(?!Type\b)([A-Z]\w+)")]
    private static partial Regex BuiltinName();
}
