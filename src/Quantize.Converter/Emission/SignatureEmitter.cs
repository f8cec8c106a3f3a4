using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Emission;

/// <summary>Describes a module for the generator. Class, namespace and resource are the caller's to fill in.</summary>
internal static class SignatureEmitter
{
    /// <summary>What can be told without the weights.</summary>
    public static ModelSignature Describe(Module module, ConversionRequest request) => new()
    {
        Source = Path.GetFileName(Path.TrimEndingDirectorySeparator(request.ModelPath)),
        Quantization = request.Quantization.ToString()!,
        Arithmetic = request.Form.ToString(),
        IsStateful = module.Nodes.Any(node => node.Code == BuiltinOperator.VarHandle) || module.Graphs.Any(graph => graph.Variables().Any(variable => !variable.BeginsAnew)),
        Methods = new(module.EntryPoints.Select(Method)),
    };

    /// <summary>Adds what only the whole conversion knows.</summary>
    public static ModelSignature WithFigures(ModelSignature signature, Module module, long floatBytes, long modelBytes) => signature with
    {
        Operators = new(module.Nodes.Select(node => node.Code).Distinct().Order().Select(code => code.ToString())),
        FloatBytes = floatBytes,
        ModelBytes = modelBytes,
    };

    private static SignatureMethod Method(EntryPoint entryPoint) => new(
        entryPoint.Key,
        new(entryPoint.Inputs.Select(input => Tensor(input.Key, input.Value))),
        new(entryPoint.Outputs.Select(output => Tensor(output.Key, output.Value))));

    /// <summary>A tensor of any number of dimensions is a row of items for a class: what the model does to one it does to all.</summary>
    private static SignatureTensor Tensor(string key, Value value) => new(
        key,
        value.Name,
        value.Type.ToString(),
        value.Shape.HasRank ? new(value.Shape.Dimensions.Select(dimension => dimension.ToString())) : new([OpenDimension.Batch]),
        value.Quantization?.Scales[0] ?? 0,
        (int)(value.Quantization?.ZeroPoints[0] ?? 0));
}
