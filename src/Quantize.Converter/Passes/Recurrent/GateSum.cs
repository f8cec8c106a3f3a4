using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>
/// The sum that a gate works on, taken apart: one product of the sequence, one of the last output, and constants. Each gate has rows of its own in what may be one matrix for all gates, and
/// columns of its own where sequence and output were joined.
/// </summary>
internal sealed class GateSum
{
    private readonly StepLoop _loop;
    private readonly Value _state;
    private readonly int _units;
    private readonly List<(Value Constant, int First)> _biases = [];
    private Factor? _input;
    private Factor? _recurrent;

    private GateSum(StepLoop loop, Value state)
    {
        _loop = loop;
        _state = state;
        _units = state.Shape[1].Value;
    }

    public StepSequence Sequence { get; private set; } = null!;

    /// <summary>Null where the value is anything else. An activation that is fused into its last operator is the caller's affair.</summary>
    public static GateSum? Of(StepLoop loop, Value state, Value value)
    {
        var sum = new GateSum(loop, state);
        return value.Shape is { HasRank: true, Rank: 2 } && value.Shape[1] == state.Shape[1] && sum.Add(value, 0, ActivationOf(value)) && sum._input is not null && sum._recurrent is not null
            ? sum : null;
    }

    public static ActivationFunction ActivationOf(Value value) => value.Producer is { } node ? FusedActivation.Of(node.Options) ?? ActivationFunction.None : ActivationFunction.None;

    public Value InputWeights(string gate) => _input!.Of(_units, gate);

    public Value RecurrentWeights(string gate) => _recurrent!.Of(_units, gate);

    public Value Bias(string name)
    {
        var bias = new float[_units];
        foreach ((Value constant, int first) in _biases)
        {
            ReadOnlySpan<float> numbers = ConstantData.Floats(constant);
            for (int i = 0; i < bias.Length; i++)
                bias[i] += numbers[numbers.Length == 1 ? 0 : first + i];
        }

        return ConstantData.Of(name, [_units], bias);
    }

    private bool Add(Value value, int first, ActivationFunction activation = ActivationFunction.None)
    {
        if (value.IsConstant)
            return AddBias(value, first);
        if (_loop.At(value) is { } projected)
            return AddProjection(projected, projected.Steps, first);
        return value.Producer is { } node && ActivationOf(value) == activation && node.Code switch
        {
            BuiltinOperator.Add => Add(node.Input(0)!, first) && Add(node.Input(1)!, first),
            BuiltinOperator.Split => AddPart(node, value, first),
            BuiltinOperator.Squeeze or BuiltinOperator.Reshape => IsOneRow(node.Input(0)!) && IsOneRow(value) && Add(node.Input(0)!, first),
            BuiltinOperator.FullyConnected => AddProduct(node, first),
            _ => false,
        };
    }

    private bool AddPart(Node split, Value part, int first)
    {
        Value whole = split.Input(1)!;
        if (part.Shape is not { HasRank: true } shape || !shape[^1].IsKnown || split.Input(0)!.Elements is not [{ IsKnown: true } axis] || (axis.Value != -1 && axis.Value != shape.Rank - 1))
            return false;
        return Add(whole, checked(first + split.Outputs.ToList().IndexOf(part) * shape[^1].Value));
    }

    private bool AddBias(Value constant, int first)
    {
        int length = constant.Shape.ElementCount.Value;
        bool fits = constant.Type == TensorType.Float32 && (length == 1 || (constant.Shape[^1] == length && first + _units <= length));
        if (fits)
            _biases.Add((constant, first));
        return fits;
    }

    private bool AddProduct(Node product, int first) =>
        Weights(product) is { } weights && AddFactor(product.Input(0)!, new Factor(weights, first, 0, 0)) && (product.Input(2) is not { } bias || AddBias(bias, first));

    /// <summary>The operand of a product, or operands side by side.</summary>
    private bool AddFactor(Value operand, Factor factor)
    {
        if (operand.Producer is { Code: BuiltinOperator.Concatenation, Options: ConcatenationOptions { Activation: ActivationFunction.None } options } joined)
            return (options.Axis == -1 || options.Axis == operand.Shape.Rank - 1) && AddFactors(joined, factor);
        if (operand.Shape is not { HasRank: true } shape || !shape[^1].IsKnown)
            return false;
        factor = factor with { Columns = shape[^1].Value };
        if (operand == _state)
            return _recurrent is null && (_recurrent = factor) is not null;
        return _loop.At(operand) is { } sequence && SetInput(sequence, factor);
    }

    private bool AddFactors(Node joined, Factor factor)
    {
        foreach (Value part in joined.Inputs.OfType<Value>())
        {
            if (!AddFactor(part, factor))
                return false;
            factor = factor with { FirstColumn = factor.FirstColumn + part.Shape[^1].Value };
        }

        return true;
    }

    /// <summary>A product that was computed for all steps before the loop.</summary>
    private bool AddProjection(StepSequence projected, Value value, int first) => value.Producer switch
    {
        { Code: BuiltinOperator.Add, Options: AddOptions { Activation: ActivationFunction.None } } sum when sum.Input(1)!.IsConstant => AddBias(sum.Input(1)!, first) && AddProjection(projected, sum.Input(0)!, first),
        { Code: BuiltinOperator.FullyConnected, Options: FullyConnectedOptions { Activation: ActivationFunction.None } } product when Weights(product) is { } weights && product.Input(0)!.Shape is { HasRank: true, Rank: 3 } steps =>
            steps[2].IsKnown && SetInput(projected with { Steps = product.Input(0)! }, new Factor(weights, first, 0, steps[2].Value)) && (product.Input(2) is not { } bias || AddBias(bias, first)),
        _ => false,
    };

    private bool SetInput(StepSequence sequence, Factor factor)
    {
        if (_input is not null)
            return false;
        (Sequence, _input) = (sequence, factor);
        return true;
    }

    /// <summary>Float weights that training has not rounded.</summary>
    private static Value? Weights(Node product) =>
        product.Options is FullyConnectedOptions { WeightsFormat: WeightsFormat.Default } && product.Input(1) is { IsConstant: true, Type: TensorType.Float32, Grid: null } weights ? weights : null;

    private static bool IsOneRow(Value value) => value.Shape is { IsStatic: true, Rank: > 0 } shape && shape.ElementCount == shape[^1];

    /// <summary>A part of a matrix, from a row and a column on.</summary>
    private sealed record Factor(Value Weights, int FirstRow, int FirstColumn, int Columns)
    {
        public Value Of(int rows, string gate) => Value.Constant($"{Weights.Name}/{gate}", TensorType.Float32, [rows, Columns], () => Part(rows));

        private byte[] Part(int rows)
        {
            ReadOnlySpan<byte> all = Weights.Data.Span;
            int length = Columns * sizeof(float), stride = Weights.Shape[1].Value * sizeof(float);
            var part = new byte[rows * length];
            for (int row = 0; row < rows; row++)
                all.Slice((FirstRow + row) * stride + FirstColumn * sizeof(float), length).CopyTo(part.AsSpan(row * length));
            return part;
        }
    }
}
