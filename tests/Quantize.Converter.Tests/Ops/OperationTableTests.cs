using System.Text;
using Quantize.Converter.Ops;
using Quantize.Converter.TensorFlow;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Ops;

/// <summary>docs/tensorflow-operations.md is made of the importer's table; <c>QUANTIZE_WRITE_DOCS=1</c> writes it anew.</summary>
public sealed class OperationTableTests
{
    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "tensorflow-operations.md");

    [Fact]
    public void The_page_of_operations_lists_the_table()
    {
        string page = Page();
        if (Environment.GetEnvironmentVariable("QUANTIZE_WRITE_DOCS") == "1")
            File.WriteAllText(s_page, page);
        Assert.Equal(page, File.ReadAllText(s_page).ReplaceLineEndings("\n"));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        string[] operations = [.. TensorFlowOps.Table.Keys.Where(name => name != GeluFormulas.Operation).Order(StringComparer.Ordinal)];
        page.Append("# TensorFlow operations\n\n");
        page.Append($"The {operations.Length} operations that a converted graph may hold, by first letter. Variables, functions, savers, summaries and optimizers are settled before, and\n");
        page.Append("do not count. What is not here is refused, all of it at once: [QNT1010](diagnostics/QNT1010.md).\n\n| | |\n|---|---|\n");
        foreach (IGrouping<char, string> letter in operations.GroupBy(name => name[0]))
            page.Append($"| **{letter.Key}** | {string.Join(", ", letter.Select(name => $"`{name}`"))} |\n");
        return page.ToString();
    }
}
