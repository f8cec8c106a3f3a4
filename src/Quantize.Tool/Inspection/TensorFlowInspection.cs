using System.Globalization;
using Quantize.Build;
using Quantize.Converter.TensorFlow;

namespace Quantize.Tool.Inspection;

/// <summary>Prints what a TensorFlow source holds; no weight is read.</summary>
internal static class TensorFlowInspection
{
    public static void Print(string path, Screen screen)
    {
        TfModel model = TensorFlowReader.Read(path, new TfReadOptions { SignatureOnly = true });
        screen.Table("Signatures", ["Signature", "Side", "Key", "Type", "Shape", "Tensor"], model.Signatures.SelectMany(Rows));
        IEnumerable<string[]> operations = model.Graph.Nodes
            .GroupBy(node => node.Op)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new[] { SafeText.Line(group.Key), group.Count().ToString("N0", CultureInfo.InvariantCulture) });
        screen.Table($"Operations ({model.Graph.Nodes.Count.ToString("N0", CultureInfo.InvariantCulture)} nodes)", ["Operation", ">Nodes"], operations);
    }

    private static IEnumerable<string[]> Rows(TfSignature signature) =>
        [.. signature.Inputs.Select(input => Row(signature, "input", input)), .. signature.Outputs.Select(output => Row(signature, "output", output))];

    private static string[] Row(TfSignature signature, string direction, TfSignatureTensor tensor) =>
    [
        SafeText.Line(signature.Key),
        direction,
        SafeText.Line(tensor.Key),
        tensor.Type.ToString(),
        tensor.Shape.Dimensions is { } dimensions ? $"[{string.Join(',', dimensions.Select(length => length < 0 ? "?" : length.ToString(CultureInfo.InvariantCulture)))}]" : "?",
        SafeText.Line(tensor.Edge.ToString()),
    ];
}
