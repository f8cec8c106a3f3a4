using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>ARG_MAX and ARG_MIN along one axis: positions are int32 or int64, others are cast.</summary>
internal static class ArgExtreme
{
    public static Value[] ArgMax(ImportContext context) => Import(context, BuiltinOperator.ArgMax, type => new ArgMaxOptions { OutputType = type });

    public static Value[] ArgMin(ImportContext context) => Import(context, BuiltinOperator.ArgMin, type => new ArgMinOptions { OutputType = type });

    private static Value[] Import(ImportContext context, BuiltinOperator code, Func<TensorType, OperatorOptions> options)
    {
        var formula = new Formula(context);
        TensorType type = context.DataType("output_type", TfDataType.Int64);
        Value input = context.Input(0).Type switch
        {
            TensorType.Bool or TensorType.Int16 or TensorType.UInt16 => formula.Cast(context.Input(0), TensorType.Int32),
            TensorType.UInt32 => formula.Cast(context.Input(0), TensorType.Int64),
            _ => context.Input(0),
        };
        Value axis = ConstantData.Scalar($"{context.Node.Name}/dimension", context.Integer(1));
        return [formula.Cast(context.Emit(code, options(type == TensorType.Int64 ? type : TensorType.Int32), input, axis), type)];
    }
}
