using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>SVDF on codes: 8-bit inputs, outputs and weights of the features, 16 bits for the memory and the weights over it.</summary>
internal sealed class IntegerSvdfStep : Step
{
    private const int FeatureWeights = 1, TimeWeights = 2, Bias = 3, State = 4;

    private readonly SvdfShape _shape;
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _state;
    private readonly TensorSlot _results;
    private readonly IntegerGateProduct _features;
    private readonly FixedPointMultiplier _toMemory;
    private readonly FixedPointMultiplier _toOutput;
    private readonly CodeRange _range;
    private readonly int _zeroPoint;
    private readonly short[] _time;
    private readonly int[] _bias;

    private IntegerSvdfStep(PrepareContext context, SvdfShape shape)
    {
        _shape = shape;
        _input = context.Input(0);
        _output = context.Output(0);
        _state = RecurrentTensors.State(context, State, TensorType.Int16, shape.StateLength);
        TensorSlot features = context.Input(FeatureWeights), time = context.Input(TimeWeights);
        TensorScale input = TensorScale.Of(_input, context), output = TensorScale.Of(_output, context), memory = TensorScale.Of(_state, context);
        _toMemory = FixedPointMultiplier.Of((double)input.Scale * TensorScale.Of(features, context).Scale / memory.Scale);
        _toOutput = FixedPointMultiplier.Of((double)memory.Scale * TensorScale.Of(time, context).Scale / output.Scale);
        _range = CodeRange.Of(TensorType.Int8, context);
        _zeroPoint = output.ZeroPoint;
        _features = new IntegerGateProduct(context, [features], [null], shape.Filters, shape.Depth, shape.Batch, input.ZeroPoint);
        _results = context.Scratch(checked(shape.Batch * shape.Filters * sizeof(short)));
        _time = context.Constant<short>(time).ToArray();
        _bias = context.OptionalInput(Bias) is { } bias ? context.Constant<int>(bias).ToArray() : new int[shape.Units];
        if (_bias.Length != shape.Units)
            throw context.Fail($"has a bias of {_bias.Length} numbers for {shape.Units} units");
    }

    public override string Kernel => "SVDF int8";

    public static Step Prepare(PrepareContext context, SvdfShape shape) =>
        (context.Input(0).Type, context.Input(TimeWeights).Type, context.Output(0).Type) == (TensorType.Int8, TensorType.Int16, TensorType.Int8)
            ? new IntegerSvdfStep(context, shape)
            : throw context.Fail($"has {context.Input(0).Type} input and {context.Input(TimeWeights).Type} weights over time, for which there is no kernel");

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<sbyte> input = context.Read<sbyte>(_input);
        for (int item = 0; item < _shape.Batch; item++)
            _features.Store(context, item, input.Slice(item * _shape.Depth, _shape.Depth));
        ReadOnlySpan<int> sums = _features.Sums(context);
        Span<short> results = context.Write<short>(_results), memory = context.Write<short>(_state);
        for (int i = 0; i < results.Length; i++)
            results[i] = (short)ShortFixedPoint.Saturate(_toMemory.RoundTwice(sums[i]));
        _shape.Remember(results, memory);
        Span<sbyte> output = context.Write<sbyte>(_output);
        for (int i = 0; i < output.Length; i++)
            output[i] = (sbyte)Math.Clamp(_toOutput.RoundTwice(Sum(memory, i / _shape.Units, i % _shape.Units)) + _zeroPoint, _range.Minimum, _range.Maximum);
    }

    private int Sum(ReadOnlySpan<short> memory, int item, int unit)
    {
        int sum = _bias[unit];
        for (int filter = unit * _shape.Rank; filter < (unit + 1) * _shape.Rank; filter++)
        {
            ReadOnlySpan<short> remembered = _shape.Memories(memory, item, filter), weights = _time.AsSpan(filter * _shape.Memory, _shape.Memory);
            for (int t = 0; t < weights.Length; t++)
                sum = unchecked(sum + remembered[t] * weights[t]);
        }

        return sum;
    }
}
