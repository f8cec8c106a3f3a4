using System.Text.RegularExpressions;

namespace Quantize.Architecture.Tests;

/// <summary>What the sources must not contain.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] UnsafeRooms = ["src/Quantize.Runtime/Kernels/", "src/Quantize.Runtime/Simd/", "src/Quantize.Runtime/Format/"];

    [Fact]
    public void Unsafe_code_stays_in_kernels_simd_and_the_format_reader()
    {
        string[] outside = [.. SourceTree.Sources("src").Where(path => !UnsafeRooms.Any(room => path.StartsWith(room, StringComparison.Ordinal)) && UnsafeWord().IsMatch(CodeOnly(path)))];
        Assert.Empty(outside);
        string[] allowing = [.. SourceTree.Projects.Where(project => SourceTree.Project(project).Descendants("AllowUnsafeBlocks").Any(value => value.Value == "true"))];
        Assert.Equal(["Quantize.Runtime"], allowing);
    }

    [Fact]
    public void Nothing_reflects_in_the_runtime()
    {
        string[] reflecting = [.. SourceTree.Sources("src/Quantize.Runtime").Where(path => ReflectionWord().IsMatch(CodeOnly(path)))];
        Assert.Empty(reflecting);
    }

    [Fact]
    public void There_are_no_regions_and_no_notes_of_work_to_do()
    {
        string[] files = [.. SourceTree.Sources("src").Concat(SourceTree.Sources("tests")).Where(path => Unfinished().IsMatch(SourceTree.Text(path)))];
        Assert.Empty(files);
    }

    private static string CodeOnly(string path) => CommentOrText().Replace(SourceTree.Text(path), "");

    [GeneratedRegex("//[^\n]*|\"[^\"\n]*\"")]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"(?<!"")\bunsafe\b(?!"")")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"System\.Reflection|Activator\.CreateInstance|\.GetMethod\(|\.GetProperty\(")]
    private static partial Regex ReflectionWord();

    [GeneratedRegex(@"^\s*#(end)?region|//\s*(TO[ ]?DO|FIX[ ]?ME|HACK)\b|NotImplementedException\(", RegexOptions.Multiline)]
    private static partial Regex Unfinished();
}
