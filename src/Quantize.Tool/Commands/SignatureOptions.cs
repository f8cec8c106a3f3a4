using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Quantize.Build;

namespace Quantize.Tool.Commands;

/// <summary>The options that ask for a signature file, which the source generator makes a class of.</summary>
internal sealed class SignatureOptions
{
    private readonly Option<string?> _file = new("--signature-out")
    {
        HelpName = "F",
        Description = "Also writes the signature file that the source generator makes a class of",
    };

    private readonly Option<string?> _class = Name("--class", "C", Identifiers.IsIdentifier, "The class's name [default: made of the model's name]");

    private readonly Option<string?> _namespace = Name("--namespace", "N", name => name.Split('.').All(Identifiers.IsIdentifier), "The class's namespace [default: the global one]");

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "What the values of the output stand for: a text file with one label a line [default: what the model says]",
    };

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_class);
        command.Add(_namespace);
        command.Add(_labels);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_file) is null && (result.GetValue(_class) ?? result.GetValue(_namespace) ?? result.GetValue(_labels)) is not null)
                result.AddError("--class, --namespace and --labels tell of the class of a signature file: give --signature-out too");
        });
    }

    public string? File(ParseResult parsed) => parsed.GetValue(_file);

    public string? Labels(ParseResult parsed) => parsed.GetValue(_labels);

    public void Write(ParseResult parsed, ModelSignature signature, string modelPath)
    {
        if (File(parsed) is not { } path)
            return;
        string name = parsed.GetValue(_class) ?? Identifiers.ClassName(modelPath);
        string space = parsed.GetValue(_namespace) ?? "";
        ModelSignature named = signature with
        {
            ClassName = name,
            Namespace = space,
            ResourceName = (space.Length == 0 ? name : $"{space}.{name}") + ".tflite",
        };
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(named.Format())));
    }

    private static Option<string?> Name(string name, string helpName, Predicate<string> isName, string description)
    {
        var option = new Option<string?>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(result =>
        {
            string? value = result.GetValueOrDefault<string?>();
            if (value is not null && !isName(value))
                result.AddError($"{name} '{value}' cannot be a name in C#");
        });
        return option;
    }
}
