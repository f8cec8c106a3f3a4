using System.Numerics;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// MEAN of 8-bit codes over height and width of images, both kept as 1. Google's kernels have a form of their own for it: the codes are summed as they are, count and scales are
/// one factor, and the zero points meet at the end.
/// </summary>
internal sealed class IntegerImageMeanStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _sums;
    private readonly FixedPointMultiplier _factor;
    private readonly int _offset;

    public IntegerImageMeanStep(PrepareContext context)
    {
        (_input, _output) = (context.Input(0), context.Output(0));
        TensorScale from = TensorScale.Of(_input, context), to = TensorScale.Of(_output, context);
        float shift = from.ZeroPoint * from.Scale / to.Scale;
        _offset = to.ZeroPoint - (int)(shift > 0 ? shift + 0.5f : shift - 0.5f);
        _factor = FixedPointMultiplier.Of(from.Scale / ((float)_input.Shape[1] * _input.Shape[2] * to.Scale));
        _sums = context.Scratch(checked(_input.Shape[3] * sizeof(int)));
    }

    public override string Kernel => $"mean of images {_input.Type}";

    public static bool Applies(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        if (input.Shape.Length != 4 || input.Type == TensorType.Int16 || !context.OptionsAs<ReducerOptions>().KeepDims)
            return false;
        long[] axes = [.. context.Integers(context.Input(1)).Select(axis => axis < 0 ? axis + 4 : axis)];
        return axes is [1, 2] or [2, 1];
    }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<T> target = context.Write<T>(_output);
        Span<int> sums = context.Write<int>(_sums);
        int channels = sums.Length, imageLength = _input.Shape[1] * _input.Shape[2] * channels;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            sums.Clear();
            for (int pixel = 0; pixel < imageLength; pixel += channels)
                Add(source.Slice(item * imageLength + pixel, channels), sums);
            for (int c = 0; c < channels; c++)
                target[item * channels + c] = T.CreateSaturating(_factor.RoundTwiceUp(sums[c]) + _offset);
        }
    }

    private static void Add(ReadOnlySpan<T> pixel, Span<int> sums)
    {
        for (int c = 0; c < pixel.Length; c++)
            sums[c] += int.CreateTruncating(pixel[c]);
    }
}
