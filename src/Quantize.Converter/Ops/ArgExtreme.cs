using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>ARG_MAX and ARG_MIN along one axis.</summary>
internal static class ArgExtreme
{
    public static Value[] ArgMax(ImportContext context) => Import(context, BuiltinOperator.ArgMax, new ArgMaxOptions { OutputType = OutputType(context) });

    public static Value[] ArgMin(ImportContext context) => Import(context, BuiltinOperator.ArgMin, new ArgMinOptions { OutputType = OutputType(context) });

    private static TensorType OutputType(ImportContext context) => context.DataType("output_type", TensorFlow.TfDataType.Int64);

    private static Value[] Import(ImportContext context, BuiltinOperator code, OperatorOptions options) =>
        [context.Emit(code, options, context.Input(0), ConstantData.Scalar($"{context.Node.Name}/dimension", context.Integer(1)))];
}
