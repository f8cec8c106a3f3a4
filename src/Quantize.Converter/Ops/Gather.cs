using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>GATHER along one axis and GATHER_ND by coordinates.</summary>
internal static class Gather
{
    public static Value[] AlongFirst(ImportContext context) => [context.Emit(BuiltinOperator.Gather, new GatherOptions(), context.Input(0), Indices(context))];

    public static Value[] AlongAxis(ImportContext context)
    {
        var options = new GatherOptions { Axis = context.Integer(2), BatchDims = (int)context.Node.Attribute("batch_dims", 0L) };
        return [context.Emit(BuiltinOperator.Gather, options, context.Input(0), Indices(context))];
    }

    public static Value[] ByCoordinates(ImportContext context) => [context.Emit(BuiltinOperator.GatherNd, context.Input(0), Indices(context))];

    private static Value Indices(ImportContext context)
    {
        Value indices = context.Input(1);
        return indices.Type is TensorType.Int32 or TensorType.Int64 ? indices : new Formula(context).Cast(indices, TensorType.Int32);
    }
}
