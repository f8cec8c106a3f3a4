using System.Reflection;
using System.Text.RegularExpressions;
using Quantize.Build;

namespace Quantize.Architecture.Tests;

/// <summary>Every diagnostic is one entry and one page.</summary>
public sealed partial class DiagnosticTests
{
    public static TheoryData<string> Ids => [.. DiagnosticTable.All.Select(entry => entry.Id)];

    [Fact]
    public void Every_entry_is_listed_once_under_an_id_of_its_own_in_order()
    {
        DiagnosticEntry[] declared = [.. typeof(DiagnosticTable).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<DiagnosticEntry>()];
        Assert.Equal(declared.Select(entry => entry.Id).Order(), DiagnosticTable.All.Select(entry => entry.Id).Order());
        Assert.Equal(DiagnosticTable.All.Count, DiagnosticTable.All.Select(entry => entry.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_entry_has_an_id_of_a_range_a_sentence_and_a_page(string id)
    {
        DiagnosticEntry entry = DiagnosticTable.All.Single(entry => entry.Id == id);
        Assert.Matches("^QNT[1-6][0-9]{3}$", id);
        Assert.EndsWith($"docs/diagnostics/{id}.md", entry.HelpLink);
        string page = Path.Combine(SourceTree.Root, "docs", "diagnostics", $"{id}.md");
        Assert.True(File.Exists(page), $"{id} has no page docs/diagnostics/{id}.md");
        Assert.Contains(id, File.ReadAllText(page));
        int[] places = [.. Placeholder().Matches(entry.Sentence).Select(match => match.Groups[1].Value[0] - '0').Distinct().Order()];
        Assert.Equal(Enumerable.Range(0, places.Length), places);
    }

    [Fact]
    public void Every_page_belongs_to_an_entry()
    {
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs", "diagnostics"), "QNT*.md").Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Empty(pages.Except(DiagnosticTable.All.Select(entry => entry.Id)));
    }

    [Fact]
    public void No_source_names_an_id_that_the_table_lacks()
    {
        string[] unknown = [.. SourceTree.Sources("src").SelectMany(path => Id().Matches(SourceTree.Text(path)).Select(match => match.Value)).Distinct().Except(DiagnosticTable.All.Select(entry => entry.Id))];
        Assert.Empty(unknown);
    }

    /// <summary>The build and the command line have other names for one option: sentences write {Name}, and who prints one chooses.</summary>
    [Fact]
    public void No_sentence_that_both_front_ends_print_names_an_option_by_itself()
    {
        string[] names = [.. ModelOption.All.SelectMany(option => (string[])[option.Name, option.Switch])];
        IEnumerable<string> sentences = DiagnosticTable.All.Where(entry => entry.Id[3] < '4').Select(entry => Hole().Replace(entry.Sentence, ""));
        IEnumerable<string> texts = SourceTree.Sources("src/Quantize.Converter").SelectMany(path => Text().Matches(SourceTree.Text(path)).Select(match => match.Value));
        Assert.DoesNotContain(sentences.Concat(texts), text => text.Contains(' ') && names.Any(name => Regex.IsMatch(text, $@"(?<![\w{{.-]){name}(?![\w}}])")));
    }

    [Fact]
    public void A_message_speaks_the_language_of_who_asked()
    {
        var diagnostic = new ModelDiagnostic(DiagnosticTable.ArraysUndetermined, "m.pb", "inputs", "{Tags} of {option}", "x") { Option = ModelOption.InputArrays };
        Assert.Equal("The inputs of the graph cannot be told: {Tags} of {option}; set InputArrays; candidates: x", diagnostic.Message);
        Assert.Equal("The inputs of the graph cannot be told: {Tags} of {option}; set --inputs; candidates: x", diagnostic.CommandLineMessage);
        Assert.Equal("The model has no signature 'a'; it has: b; set --signature to one of these", new ModelDiagnostic(DiagnosticTable.SignatureNotFound, "m", "a", "b").CommandLineMessage);
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("QNT[0-9]{4}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole();

    [GeneratedRegex("\"[^\"\n]*\"")]
    private static partial Regex Text();
}
