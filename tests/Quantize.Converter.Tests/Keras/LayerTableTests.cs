using System.Text;
using Quantize.Converter.Keras;
using Quantize.Converter.Keras.Layers;
using Quantize.Converter.Keras.Operations;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>docs/keras-layers.md is made of the importer's tables; <c>QUANTIZE_WRITE_DOCS=1</c> writes it anew.</summary>
public sealed class LayerTableTests
{
    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "keras-layers.md");

    [Fact]
    public void The_page_of_layers_lists_the_tables()
    {
        string page = Page();
        if (Environment.GetEnvironmentVariable("QUANTIZE_WRITE_DOCS") == "1")
            File.WriteAllText(s_page, page);
        Assert.Equal(page, File.ReadAllText(s_page).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_function_of_TensorFlow_is_one_of_the_table() => Assert.All(TensorFlowFunctions.Table.Values, name => Assert.Contains(name, KerasOperations.Table.Keys));

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# Keras layers\n\n");
        page.Append("What a `.keras` or `.h5` file may hold, as Keras 2 and Keras 3 write it. Models may be sequential or functional, with branches, shared and nested models,\n");
        page.Append("several inputs and outputs, dictionaries of them, masks, both data formats, and any policy of types; computation is in float32. Layers that are\n");
        page.Append("code of their author are refused\n");
        page.Append("([QNT1040](diagnostics/QNT1040.md)), and what is not here ([QNT1041](diagnostics/QNT1041.md)): all of it at once.\n");
        Append(page, "layers", "Layers that only act in training (dropout, noise, random pictures) are there and do nothing.", KerasLayers.Table.Keys);
        Append(page, "activations", "By name, or as a layer.", Activations.Table.Keys);
        Append(page, "functions of `keras.ops`", "Called on tensors of a functional model, operators as in `x * 2 + 1` among them; by the names of their classes.", KerasOperations.Table.Keys);
        Append(page, "functions of TensorFlow", "In files of Keras 2, called on the tensors of a functional model.", TensorFlowFunctions.Table.Keys);
        return page.ToString();
    }

    private static void Append(StringBuilder page, string title, string sentence, IEnumerable<string> names)
    {
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        page.Append($"\n## {sorted.Length} {title}\n\n{sentence}\n\n| | |\n|---|---|\n");
        foreach (IGrouping<char, string> letter in sorted.GroupBy(name => char.ToUpperInvariant(name.TrimStart('_')[0])).OrderBy(group => group.Key))
            page.Append($"| **{letter.Key}** | {string.Join(", ", letter.Select(name => $"`{name}`"))} |\n");
    }
}
