using Quantize.Build;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>
/// Nodes that read files or turn sound into features stand before many a model, and no builtin does their work: one sentence names them, and the arrays behind them that can
/// be inputs instead.
/// </summary>
internal static class FrontEnds
{
    private static readonly HashSet<string> s_operations = new(StringComparer.Ordinal)
    {
        "Angle", "AudioSpectrogram", "Complex", "ComplexAbs", "Conj", "DecodeWav", "FFT", "FFT2D", "IFFT", "IFFT2D", "IRFFT", "IRFFT2D", "Imag", "Mfcc", "RFFT", "RFFT2D", "ReadFile", "Real",
    };

    /// <summary>The problems, those of front ends and of the inputs that feed nothing else as one.</summary>
    public static IEnumerable<ModelDiagnostic> Joined(IReadOnlyList<ModelDiagnostic> problems, TfModel model, string file)
    {
        HashSet<TfNode> reached = [.. model.Signatures.SelectMany(signature => ImportOrder.Of(signature.Inputs.Select(input => input.Edge), signature.Outputs.Select(output => output.Edge)))];
        TfNode[] nodes = [.. model.Graph.Nodes.Where(node => reached.Contains(node) && s_operations.Contains(node.Op))];
        TfEdge[] behind = [.. reached.Where(node => !s_operations.Contains(node.Op)).SelectMany(node => node.Inputs).Where(input => s_operations.Contains(input.Node.Op)).Distinct()];
        if (behind.Length == 0)
            return problems;

        HashSet<string> names = [.. nodes.Select(node => node.Name)];
        HashSet<string> fed = [.. model.Signatures.SelectMany(signature => signature.Inputs).Where(input => ReadersOf(input.Edge, reached).All(nodes.Contains)).Select(input => input.Key)];
        IEnumerable<ModelDiagnostic> others = problems.Where(problem => !names.Contains(problem.Arguments[0]) && !(problem.Entry == DiagnosticTable.InputTypeUnsupported && fed.Contains(problem.Arguments[0])));
        var joined = new ModelDiagnostic(
            DiagnosticTable.FrontEnd, file, Listed(nodes.Select(node => $"'{node.Name}' ({node.Op})")), string.Join(';', behind.Select(edge => edge.ToString()).Order(StringComparer.Ordinal)));
        return others.Prepend(joined);
    }

    private static IEnumerable<TfNode> ReadersOf(TfEdge edge, HashSet<TfNode> nodes) => nodes.Where(node => node.Inputs.Contains(edge));

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
