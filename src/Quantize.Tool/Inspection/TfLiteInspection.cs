using System.Globalization;
using System.Text;
using Quantize.Build;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Tool.Inspection;

/// <summary>Prints what a .tflite file holds.</summary>
internal sealed class TfLiteInspection
{
    private const int LongestMetadata = 60;

    private readonly TfLiteModel _model;
    private readonly Screen _screen;

    private TfLiteInspection(TfLiteModel model, Screen screen)
    {
        _model = model;
        _screen = screen;
    }

    /// <exception cref="DiagnosticException">The file is no .tflite file that can be read.</exception>
    public static void Print(string path, Screen screen)
    {
        try
        {
            using TfLiteModel model = TfLiteModel.Read(ModelBytes.Map(path));
            new TfLiteInspection(model, screen).Print();
        }
        catch (ModelFormatException e)
        {
            throw new DiagnosticException(DiagnosticTable.ModelDamaged, path, e.Message.Replace($"{path}: ", "", StringComparison.Ordinal));
        }
    }

    private void Print()
    {
        _screen.Line($"{Number(_model.ByteLength)} bytes {SafeText.Line(_model.Description)}".TrimEnd());
        _screen.Line();
        PrintSignatures();
        for (int i = 0; i < _model.Subgraphs.Length; i++)
        {
            Subgraph subgraph = _model.Subgraphs[i];
            string where = _model.Subgraphs.Length == 1 ? "" : $" of subgraph {i} {SafeText.Line(subgraph.Name)}".TrimEnd();
            PrintOperators(subgraph, where);
            PrintTensors(subgraph, where);
        }

        PrintTotals();
        PrintMetadata();
    }

    private void PrintSignatures() => _screen.Table(
        "Signatures",
        ["Signature", "Side", "Key", "Type", "Shape", "Tensor"],
        _model.Signatures.SelectMany(signature => (IEnumerable<string[]>)
            [.. signature.Inputs.Select(entry => SignatureRow(signature, "input", entry)), .. signature.Outputs.Select(entry => SignatureRow(signature, "output", entry))]));

    private string[] SignatureRow(Signature signature, string direction, SignatureEntry entry)
    {
        Tensor tensor = _model.Subgraphs[signature.Subgraph].Tensors[entry.Tensor];
        return [SafeText.Line(signature.Key), direction, SafeText.Line(entry.Key), tensor.Type.ToString(), ShapeText.Of(tensor.ShapeSignature), Name(tensor)];
    }

    private void PrintOperators(Subgraph subgraph, string where) => _screen.Table(
        $"Operators{where}",
        [">#", "Operator", ">Version", "Inputs", "Outputs", "Output"],
        subgraph.Operators.Select((op, i) => new[]
        {
            Number(i),
            SafeText.Line(op.Name),
            Number(op.Version),
            Describe(subgraph, op.Inputs),
            Describe(subgraph, op.Outputs),
            op.Outputs.Length > 0 ? Name(subgraph.Tensors[op.Outputs[0]]) : "",
        }));

    private void PrintTensors(Subgraph subgraph, string where) => _screen.Table(
        $"Tensors{where}",
        [">#", "Name", "Type", "Shape", "Kind", ">Bytes", "Quantization"],
        subgraph.Tensors.Select(tensor => new[]
        {
            Number(tensor.Index),
            Name(tensor),
            tensor.Type.ToString(),
            ShapeText.Of(tensor.ShapeSignature),
            Kind(subgraph, tensor),
            tensor.IsConstant ? Number(_model.Data(tensor).Length) : "",
            Quantization(tensor.Quantization),
        }));

    /// <summary>A constant that two kinds of operators read counts for both.</summary>
    private void PrintTotals()
    {
        var rows = _model.Subgraphs
            .SelectMany(subgraph => subgraph.Operators.Select(op => (op.Name, Constants: Constants(subgraph, op))))
            .GroupBy(op => op.Name)
            .Select(group => (Name: group.Key, Count: group.Count(), Bytes: group.SelectMany(op => op.Constants).Distinct().Sum(tensor => (long)_model.Data(tensor).Length)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Name, StringComparer.Ordinal);
        _screen.Table("Totals", ["Operator", ">Count", ">Constant bytes"], rows.Select(row => new[] { SafeText.Line(row.Name), Number(row.Count), Number(row.Bytes) }));
    }

    private void PrintMetadata()
    {
        if (_model.Metadata.Count > 0)
            _screen.Table("Metadata", ["Name", ">Bytes", "Text"], _model.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(MetadataRow));
    }

    private string[] MetadataRow(KeyValuePair<string, Range> entry)
    {
        ReadOnlySpan<byte> bytes = _model.Bytes(entry.Value);
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, LongestMetadata)]).TrimEnd('\0');
        bool readable = text.All(c => c is >= ' ' and <= '~');
        return [SafeText.Line(entry.Key), Number(bytes.Length), readable ? text : ""];
    }

    private static IEnumerable<Tensor> Constants(Subgraph subgraph, Operator op) =>
        op.Inputs.Where(index => index >= 0).Select(index => subgraph.Tensors[index]).Where(tensor => tensor.IsConstant);

    private static string Describe(Subgraph subgraph, int[] tensors) =>
        string.Join(' ', tensors.Select(index => index < 0 ? "-" : $"{subgraph.Tensors[index].Type}{ShapeText.Of(subgraph.Tensors[index].ShapeSignature)}"));

    private static string Kind(Subgraph subgraph, Tensor tensor) => tensor switch
    {
        { IsConstant: true } => "constant",
        { IsVariable: true } => "variable",
        _ when subgraph.Inputs.Contains(tensor.Index) => "input",
        _ when subgraph.Outputs.Contains(tensor.Index) => "output",
        _ => "",
    };

    private static string Quantization(QuantizationParameters? quantization) => quantization switch
    {
        null => "",
        { PerChannel: true } => $"{Number(quantization.Scales.Length)} scales along axis {quantization.Axis}, {Real(quantization.Scales.Min())} to {Real(quantization.Scales.Max())}",
        _ => $"scale {Real(quantization.Scales[0])}, zero point {Number(quantization.ZeroPoints[0])}",
    };

    private static string Name(Tensor tensor) => SafeText.Line(tensor.Name);

    private static string Real(float value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
