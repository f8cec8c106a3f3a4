using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;

namespace Quantize.Converter.Keras.Layers;

/// <summary>What a recurrent layer does at one step. The part that depends on the input alone is computed for all steps at once.</summary>
internal abstract class RecurrentCell(LayerContext context, LayerWeights weights)
{
    private static readonly Dictionary<string, Func<LayerContext, LayerWeights, RecurrentCell>> s_cells = new(StringComparer.Ordinal)
    {
        ["ConvLSTM1D"] = (context, weights) => new ConvLstmCell(context, weights, 1),
        ["ConvLSTM2D"] = (context, weights) => new ConvLstmCell(context, weights, 2),
        ["ConvLSTM3D"] = (context, weights) => new ConvLstmCell(context, weights, 3),
        ["GRU"] = (context, weights) => new GruCell(context, weights),
        ["GRUCell"] = (context, weights) => new GruCell(context, weights),
        ["LSTM"] = (context, weights) => new LstmCell(context, weights),
        ["LSTMCell"] = (context, weights) => new LstmCell(context, weights),
        ["SimpleRNN"] = (context, weights) => new SimpleCell(context, weights),
        ["SimpleRNNCell"] = (context, weights) => new SimpleCell(context, weights),
        ["StackedRNNCells"] = (context, weights) => new StackedCells(context, weights),
    };

    protected LayerContext Context { get; } = context;

    protected LayerWeights Weights { get; } = weights;

    protected LayerConfig Config => Context.Config;

    /// <summary>Whether the class is a cell, which only recurrent layers hold.</summary>
    public static bool IsCell(string className) => s_cells.ContainsKey(className);

    public static RecurrentCell Of(LayerContext context, LayerWeights weights) =>
        s_cells.TryGetValue(context.Object.ClassName, out Func<LayerContext, LayerWeights, RecurrentCell>? make)
            ? make(context, weights)
            : throw context.Refuse($"cells of the class {context.Object.ClassName}");

    public static WeightLayout LayoutOf(KerasObject cell) => cell.Config.Of("cells") is { ValueKind: System.Text.Json.JsonValueKind.Array } cells
        ? new WeightLayout(0) { Within = [.. cells.EnumerateArray().Select((member, i) => (FormattableString.Invariant($"cells/{i}"), LayoutOf(KerasObject.Of(member))))] }
        : new WeightLayout(cell.Config.Flag("use_bias", absent: true) ? 3 : 2);

    /// <summary>What of the sequence [batch, steps, ...] can be computed before the first step, with the same dimensions in front.</summary>
    public abstract Value Project(Value sequence);

    public abstract int StateCount { get; }

    /// <summary>States before the first step: zeros.</summary>
    public abstract Value[] InitialStates(Value projected);

    /// <summary>The state that is the output of the step before, where no mask is.</summary>
    public virtual int OutputState => 0;

    /// <summary>Whether a builtin runs the cell over a whole sequence.</summary>
    public virtual bool HasOperator => false;

    /// <summary>One step: its part of the projection, and the states before it.</summary>
    public abstract (Value Output, Value[] States) Step(Value projected, Value[] states);

    protected Value Gate(Value value) => Context.Activation(value, "recurrent_activation", "sigmoid");

    protected Value Bent(Value value) => Context.Activation(value, "activation", "tanh");

    protected Value Zeros(Value projected, params Extent[] behind) =>
        Context.Call("Fill", [Context.Arrange.Computed([Extent.Of(projected, 0), .. behind]), Context.Number(0)]);

    protected Value[] Parts(Value value, int count, int axis) => Context.CallMany("Split", [ConstantData.Scalar($"{Context.Name}/axis", axis), value], ("num_split", (long)count));

    /// <summary>x W + b for every step.</summary>
    protected Value Product(Value sequence, int columns, Value? bias)
    {
        Value kernel = Context.Weight(Weights, 0, "kernel", Context.Length(sequence, ^1), columns);
        Value product = Context.Call("BatchMatMulV2", [sequence, kernel]);
        return bias is null ? product : Context.Call("BiasAdd", [product, bias]);
    }

    protected bool IsNamed(string attribute, params ReadOnlySpan<string> functions) => Config.Of(attribute) is { ValueKind: System.Text.Json.JsonValueKind.String } name && functions.Contains(name.GetString()!);

    protected bool HasBias => Config.Flag("use_bias", absent: true);
}
