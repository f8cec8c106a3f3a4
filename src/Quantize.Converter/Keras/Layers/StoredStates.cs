using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Keras.Layers;

/// <summary>States that a layer keeps from one call of the model to the next: variables, which begin as zeros.</summary>
internal static class StoredStates
{
    /// <summary>The states as the call before left them; their shapes must be known.</summary>
    public static Value[] Read(LayerContext context, Value[] zeros)
    {
        var initial = new Graph($"{context.Name}/initial_states", context.Scope.Graph);
        for (int i = 0; i < zeros.Length; i++)
        {
            int[] shape = ShapeOf(context, zeros[i]);
            var bytes = new byte[checked((int)zeros[i].Type.ByteCount(zeros[i].Shape.ElementCount.Value))];
            Assign(context, context.Scope.In(initial), i, Value.Constant($"{context.Name}/zero_state_{i}", zeros[i].Type, shape, bytes));
        }

        context.Scope.Add($"{context.Name}/CallOnce", BuiltinOperator.CallOnce, new CallOnceOptions { InitSubgraphIndex = 0 }, [initial], [], []);
        return [.. zeros.Select((zero, i) => context.Scope.Add(
            $"{context.Name}/ReadState_{i}",
            BuiltinOperator.ReadVariable,
            new NoOptions(OptionsType.ReadVariableOptions),
            [Handle(context, context.Scope, i)],
            new Value($"{context.Name}/state_{i}", zero.Type, Shape.Of(ShapeOf(context, zero).AsSpan())))[0])];
    }

    public static void Write(LayerContext context, Value[] states)
    {
        for (int i = 0; i < states.Length; i++)
            Assign(context, context.Scope, i, states[i]);
    }

    private static void Assign(LayerContext context, LayerScope scope, int number, Value state) => scope.Add(
        $"{context.Name}/AssignState_{number}", BuiltinOperator.AssignVariable, new NoOptions(OptionsType.AssignVariableOptions), [Handle(context, scope, number), state]);

    private static Value Handle(LayerContext context, LayerScope scope, int number) => scope.Add(
        $"{context.Name}/State_{number}",
        BuiltinOperator.VarHandle,
        new VarHandleOptions { SharedName = $"{context.Name}/state_{number}" },
        [],
        new Value($"{context.Name}/handle_{number}", TensorType.Resource, Shape.Scalar))[0];

    private static int[] ShapeOf(LayerContext context, Value state) =>
        state.Shape.IsStatic ? state.Shape.ToArray() : throw context.Refuse("it keeps its state from one call to the next (stateful), and the batch is open; fix it");
}
