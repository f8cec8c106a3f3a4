using System;
using System.Globalization;
using System.Linq;

namespace Quantize.Build;

/// <summary>One thing said about one file.</summary>
internal sealed record ModelDiagnostic(DiagnosticEntry Entry, string File, params string[] Arguments)
{
    /// <summary>What {option} in the sentence stands for.</summary>
    public ModelOption? Option { get; init; }

    /// <summary>For somebody who wrote a project, or a program: options have their names.</summary>
    public string Message => Worded(option => option.Name);

    /// <summary>For somebody at the command line.</summary>
    public string CommandLineMessage => Worded(option => option.Switch);

    public override string ToString() => Line(Message);

    /// <summary>The line of a log, as compilers print it.</summary>
    public string Line(string message) => $"{File}: {(Entry.Level == DiagnosticLevel.Error ? "error" : "warning")} {Entry.Id}: {message}";

    private string Worded(Func<ModelOption, string> word)
    {
        string sentence = Option is null ? Entry.Sentence : Entry.Sentence.Replace("{option}", word(Option));
        foreach (ModelOption option in ModelOption.All)
            sentence = sentence.Replace($"{{{option.Name}}}", word(option));
        return string.Format(CultureInfo.InvariantCulture, sentence, [.. Arguments.Select(SafeText.Line)]);
    }
}
