using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>LOG_SOFTMAX of 8-bit codes over the last dimension: the sum of exponentials by a table of floats, the rest in floats.</summary>
internal sealed class IntegerLogSoftmaxStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorScale _from;
    private readonly TensorScale _to;
    private readonly float[] _powers;

    public IntegerLogSoftmaxStep(PrepareContext context)
    {
        (_input, _output) = (context.Input(0), context.Output(0));
        (_from, _to) = (TensorScale.Of(_input, context), TensorScale.Of(_output, context));
        _powers = IntegerSoftmaxStep<T, T>.Powers(-_from.Scale);
    }

    public override string Kernel => $"log softmax {_input.Type}, table";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<T> target = context.Write<T>(_output);
        int length = _input.Shape[^1];
        for (int at = 0; at < target.Length; at += length)
            Row(source.Slice(at, length), target.Slice(at, length));
    }

    private void Row(ReadOnlySpan<T> codes, Span<T> target)
    {
        int greatest = int.CreateTruncating(codes[0]);
        foreach (T code in codes)
            greatest = Math.Max(greatest, int.CreateTruncating(code));
        Span<float> sum = [0];
        foreach (T code in codes)
            sum[0] += _powers[greatest - int.CreateTruncating(code)];
        KernelSets.Scalar.Elementwise.Unary(UnaryFunction.Log, sum, sum);
        float scale = _from.Scale / _to.Scale, offset = (_from.Scale * greatest + sum[0]) / _to.Scale;
        for (int i = 0; i < target.Length; i++)
            target[i] = T.CreateSaturating((int)MathF.Round(scale * int.CreateTruncating(codes[i]) - offset, MidpointRounding.ToEven) + _to.ZeroPoint);
    }
}
