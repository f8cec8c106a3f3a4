using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>BATCH_MATMUL of 16-bit codes, the right ones of 8 bits perhaps, summed in 64 bits.</summary>
internal sealed class WideMatMulStep<TB> : Step
    where TB : unmanaged, IBinaryInteger<TB>
{
    private readonly TensorSlot _a;
    private readonly TensorSlot _b;
    private readonly TensorSlot _output;
    private readonly TensorSlot _sums;
    private readonly StridedWalk _walk;
    private readonly Requantization _requantization;
    private readonly int _zeroA;
    private readonly int _zeroB;
    private readonly int _rows;
    private readonly int _depth;
    private readonly int _columns;
    private readonly int _batches;
    private readonly bool _adjointA;
    private readonly bool _adjointB;

    public WideMatMulStep(PrepareContext context, BatchMatMulOptions options)
    {
        (_a, _b, _output) = (context.Input(0), context.Input(1), context.Output(0));
        (_adjointA, _adjointB) = (options.AdjX, options.AdjY);
        (_rows, _columns, _depth) = (_output.Shape[^2], _output.Shape[^1], _a.Shape[options.AdjX ? ^2 : ^1]);
        int[] batch = _output.Shape[..^2];
        _batches = batch.Aggregate(1, (all, dimension) => all * dimension);
        _walk = StridedWalk.Broadcast(batch, _a.Shape[..^2], _b.Shape[..^2]);
        _sums = context.Scratch(checked(_columns * sizeof(long)));
        _zeroA = TensorScale.Of(_a, context).ZeroPoint;
        _zeroB = _b.Quantization is { PerChannel: true } ? WeightCodes.ZeroPoint(context, _b) : TensorScale.Of(_b, context).ZeroPoint;
        _requantization = Requantizations.Of(context, _a, _b, _b.Shape.Length - (_adjointB ? 2 : 1), _output, ActivationFunction.None, floatProduct: true);
    }

    public override string Kernel => $"matmul {_a.Type} {_b.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<short> a = context.Read<short>(_a);
        ReadOnlySpan<TB> b = context.Read<TB>(_b);
        Span<short> output = context.Write<short>(_output);
        Span<long> sums = context.Write<long>(_sums);
        int lengthA = _rows * _depth, lengthB = _depth * _columns;
        Span<int> at = stackalloc int[StridedWalk.MaximumOperands], index = stackalloc int[StridedWalk.MaximumRank];
        _walk.Start(at, index);
        for (int batch = 0; batch < _batches; batch++, _walk.Next(at, index))
        {
            ReadOnlySpan<short> left = a.Slice(at[0] * lengthA, lengthA);
            ReadOnlySpan<TB> right = b.Slice(at[1] * lengthB, lengthB);
            for (int row = 0; row < _rows; row++)
            {
                Row(left, right, row, sums);
                _requantization.Row(sums, 0, output.Slice((batch * _rows + row) * _columns, _columns));
            }
        }
    }

    private void Row(ReadOnlySpan<short> a, ReadOnlySpan<TB> b, int row, Span<long> sums)
    {
        (int stepA, int firstA) = _adjointA ? (_rows, row) : (1, row * _depth);
        (int stepDepth, int stepColumn) = _adjointB ? (1, _depth) : (_columns, 1);
        for (int n = 0; n < sums.Length; n++)
        {
            long sum = 0;
            for (int k = 0; k < _depth; k++)
                sum += ((long)a[firstA + k * stepA] - _zeroA) * (long.CreateTruncating(b[n * stepColumn + k * stepDepth]) - _zeroB);
            sums[n] = sum;
        }
    }
}
