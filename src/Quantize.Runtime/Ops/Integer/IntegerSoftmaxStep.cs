using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>SOFTMAX of 8-bit codes over the last dimension: e to the distance from the greatest code by a table of floats, then one division a row.</summary>
internal sealed class IntegerSoftmaxStep<TSource, TTarget> : Step
    where TSource : unmanaged, IBinaryInteger<TSource>
    where TTarget : unmanaged, IBinaryInteger<TTarget>, IMinMaxValue<TTarget>
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorScale _to;
    private readonly float[] _powers;

    public IntegerSoftmaxStep(PrepareContext context, float beta)
    {
        (_input, _output) = (context.Input(0), context.Output(0));
        _to = TensorScale.Of(_output, context);
        _powers = Powers(-TensorScale.Of(_input, context).Scale * beta);
    }

    public override string Kernel => $"softmax {_input.Type}, table";

    /// <summary>e^(step * distance) for all distances of 8-bit codes.</summary>
    public static float[] Powers(float step)
    {
        float[] powers = [.. Enumerable.Range(0, 256).Select(distance => step * distance)];
        KernelSets.Scalar.Elementwise.Unary(UnaryFunction.Exp, powers, powers);
        return powers;
    }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<TSource> source = context.Read<TSource>(_input);
        Span<TTarget> target = context.Write<TTarget>(_output);
        int length = _input.Shape[^1];
        for (int at = 0; at < target.Length; at += length)
            Row(source.Slice(at, length), target.Slice(at, length));
    }

    private void Row(ReadOnlySpan<TSource> codes, Span<TTarget> target)
    {
        int greatest = int.CreateTruncating(codes[0]);
        foreach (TSource code in codes)
            greatest = Math.Max(greatest, int.CreateTruncating(code));
        float sum = 0;
        foreach (TSource code in codes)
            sum += _powers[greatest - int.CreateTruncating(code)];
        float inverse = 1 / (sum * _to.Scale);
        for (int i = 0; i < target.Length; i++)
        {
            float probability = _powers[greatest - int.CreateTruncating(codes[i])] * inverse;
            target[i] = TTarget.CreateSaturating((int)MathF.Floor(probability + 0.5f) + _to.ZeroPoint);
        }
    }
}
