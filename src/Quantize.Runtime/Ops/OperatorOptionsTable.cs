using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Runtime.Ops;

/// <summary>Which option table each operator has.</summary>
internal static class OperatorOptionsTable
{
    private static readonly Dictionary<BuiltinOperator, Func<OperatorOptions>> s_options = new()
    {
        [BuiltinOperator.Add] = () => new AddOptions(),
        [BuiltinOperator.ArgMax] = () => new ArgMaxOptions(),
        [BuiltinOperator.ArgMin] = () => new ArgMinOptions(),
        [BuiltinOperator.AveragePool2D] = () => new Pool2DOptions(),
        [BuiltinOperator.Cast] = () => new CastOptions(),
        [BuiltinOperator.Concatenation] = () => new ConcatenationOptions(),
        [BuiltinOperator.Conv2D] = () => new Conv2DOptions(),
        [BuiltinOperator.DepthwiseConv2D] = () => new DepthwiseConv2DOptions(),
        [BuiltinOperator.Dequantize] = () => new NoOptions(OptionsType.DequantizeOptions),
        [BuiltinOperator.Div] = () => new DivOptions(),
        [BuiltinOperator.Exp] = () => new NoOptions(OptionsType.ExpOptions),
        [BuiltinOperator.ExpandDims] = () => new NoOptions(OptionsType.ExpandDimsOptions),
        [BuiltinOperator.FullyConnected] = () => new FullyConnectedOptions(),
        [BuiltinOperator.Maximum] = () => new NoOptions(OptionsType.MaximumMinimumOptions),
        [BuiltinOperator.MaxPool2D] = () => new Pool2DOptions(),
        [BuiltinOperator.Mean] = () => new ReducerOptions(),
        [BuiltinOperator.Minimum] = () => new NoOptions(OptionsType.MaximumMinimumOptions),
        [BuiltinOperator.Mul] = () => new MulOptions(),
        [BuiltinOperator.Neg] = () => new NoOptions(OptionsType.NegOptions),
        [BuiltinOperator.Pack] = () => new PackOptions(),
        [BuiltinOperator.Pad] = () => new NoOptions(OptionsType.PadOptions),
        [BuiltinOperator.Reshape] = () => new ReshapeOptions(),
        [BuiltinOperator.Shape] = () => new ShapeOptions(),
        [BuiltinOperator.Softmax] = () => new SoftmaxOptions(),
        [BuiltinOperator.Square] = () => new NoOptions(OptionsType.SquareOptions),
        [BuiltinOperator.Squeeze] = () => new SqueezeOptions(),
        [BuiltinOperator.StridedSlice] = () => new StridedSliceOptions(),
        [BuiltinOperator.Sub] = () => new SubOptions(),
        [BuiltinOperator.Transpose] = () => new NoOptions(OptionsType.TransposeOptions),
    };

    /// <summary>A table with every field at its default.</summary>
    public static OperatorOptions Create(BuiltinOperator code) => s_options.TryGetValue(code, out Func<OperatorOptions>? create) ? create() : new NoOptions();
}
