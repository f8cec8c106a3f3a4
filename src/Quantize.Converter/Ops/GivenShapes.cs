using System.Globalization;
using Quantize.Build;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>Shapes that the user gives inputs: <c>name:1,224,224,3</c>, with <c>?</c> for a dimension that stays open.</summary>
internal sealed class GivenShapes
{
    private readonly string _file;
    private readonly TfSignatureTensor[] _inputs;
    private readonly Dictionary<string, long[]> _shapes = new(StringComparer.Ordinal);
    private readonly List<ModelDiagnostic> _problems = [];

    private GivenShapes(TfModel model, string file)
    {
        _file = file;
        _inputs = [.. model.Signatures.SelectMany(signature => signature.Inputs)];
    }

    /// <summary>By the keys of the inputs; -1 is an open dimension.</summary>
    /// <exception cref="ConversionException">Texts that are no shapes, or shapes that the model contradicts; all of them.</exception>
    public static IReadOnlyDictionary<string, long[]> Read(IReadOnlyList<string> texts, TfModel model, string file)
    {
        var given = new GivenShapes(model, file);
        foreach (string text in texts)
            given.Add(text);
        return given._problems.Count == 0 ? given._shapes : throw new ConversionException(given._problems);
    }

    private void Add(string text)
    {
        int colon = text.LastIndexOf(':');
        TfSignatureTensor[] named = colon < 0 ? [] : [.. _inputs.Where(input => input.Key == text[..colon] || input.Edge.ToString() == text[..colon])];
        if (colon < 0 || Lengths(text[(colon + 1)..]) is not { } shape)
            Refuse(text, "this is no shape of an input; write it as name:1,224,224,3, with ? for an open dimension");
        else if (named.Length == 0)
            Refuse(text, $"the model has no such input; it has {string.Join(", ", _inputs.Select(input => $"'{input.Key}'").Distinct().Order(StringComparer.Ordinal))}");
        else if (named.Select(InputShapes.Declared).FirstOrDefault(declared => !Agree(declared, shape)) is { } declared)
            Refuse(text, $"the model declares [{string.Join(',', declared.Select(Text))}] there; only open dimensions can be given a length");
        else
            Array.ForEach(named, input => _shapes[input.Key] = shape);
    }

    private static long[]? Lengths(string text)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words is [""])
            return [];
        var lengths = new long[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] is "?" or "-1")
                lengths[i] = -1;
            else if (int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
                lengths[i] = length;
            else
                return null;
        }

        return lengths;
    }

    private static bool Agree(long[]? declared, long[] given) =>
        declared is null || (declared.Length == given.Length && declared.Zip(given).All(pair => pair.First < 0 || pair.First == pair.Second));

    private static string Text(long length) => length < 0 ? "?" : length.ToString(CultureInfo.InvariantCulture);

    private void Refuse(string text, string fact) => _problems.Add(new ModelDiagnostic(DiagnosticTable.InputShapeWrong, _file, text, fact));
}
