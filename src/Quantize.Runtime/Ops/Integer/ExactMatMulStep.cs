using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// BATCH_MATMUL of 8-bit codes by the float product: codes less their zero points are integers of 9 bits, so that the sum of up to 256 products stays exact; longer sums are joined as integers.
/// To int32 where no code but the sums themselves are wanted.
/// </summary>
internal sealed class ExactMatMulStep<T, TC> : Step
    where T : unmanaged, IBinaryInteger<T>
    where TC : unmanaged, IBinaryInteger<TC>
{
    private const int MostDepth = 256;

    private readonly TensorSlot _a;
    private readonly TensorSlot _b;
    private readonly TensorSlot _output;
    private readonly TensorSlot _left;
    private readonly TensorSlot _right;
    private readonly TensorSlot _panels;
    private readonly TensorSlot _products;
    private readonly TensorSlot _sums;
    private readonly StridedWalk _walk;
    private readonly FloatGemm _gemm;
    private readonly Requantization? _requantization;
    private readonly (int A, int B) _zero;
    private readonly (bool A, bool B) _adjoint;
    private readonly (int Rows, int Depth, int Columns) _size;
    private readonly int _batches;

    public ExactMatMulStep(PrepareContext context, BatchMatMulOptions options)
    {
        (_a, _b, _output, _gemm) = (context.Input(0), context.Input(1), context.Output(0), context.Kernels.FloatGemm);
        _adjoint = (options.AdjX, options.AdjY);
        _size = (_output.Shape[^2], _a.Shape[options.AdjX ? ^2 : ^1], _output.Shape[^1]);
        int[] batch = _output.Shape[..^2];
        _batches = batch.Aggregate(1, (all, dimension) => all * dimension);
        _walk = StridedWalk.Broadcast(batch, _a.Shape[..^2], _b.Shape[..^2]);
        _left = Floats(context, _size.Rows, _size.Depth);
        _right = Floats(context, _size.Depth, _size.Columns);
        _panels = context.Scratch(PackedFloatWeights.PanelBytes(_size.Columns, Math.Min(_size.Depth, MostDepth), _gemm.PanelWidth));
        _products = Floats(context, _size.Rows, _size.Columns);
        _sums = context.Scratch("sums", TensorType.Int32, [_size.Rows, _size.Columns]);
        if (_output.Type == TensorType.Int32)
            return;
        _zero = (TensorScale.Of(_a, context).ZeroPoint, _b.Quantization is { PerChannel: true } ? WeightCodes.ZeroPoint(context, _b) : TensorScale.Of(_b, context).ZeroPoint);
        _requantization = Requantizations.Of(context, _a, _b, _b.Shape.Length - (options.AdjY ? 2 : 1), _output, ActivationFunction.None, floatProduct: true);
    }

    public override string Kernel => $"matmul {_a.Type} {_b.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> a = context.Read<T>(_a), b = context.Read<T>(_b);
        Span<float> left = context.Write<float>(_left), right = context.Write<float>(_right);
        int length = _size.Rows * _size.Columns;
        Span<int> at = stackalloc int[StridedWalk.MaximumOperands], index = stackalloc int[StridedWalk.MaximumRank];
        _walk.Start(at, index);
        for (int batch = 0; batch < _batches; batch++, _walk.Next(at, index))
        {
            Center(a.Slice(at[0] * left.Length, left.Length), _adjoint.A, _size.Depth, _zero.A, left);
            Center(b.Slice(at[1] * right.Length, right.Length), _adjoint.B, _size.Columns, _zero.B, right);
            Span<TC> codes = context.Write<TC>(_output).Slice(batch * length, length);
            Round(Multiply(context, left, right), codes);
        }
    }

    private static TensorSlot Floats(PrepareContext context, int rows, int columns) => context.Scratch("floats", TensorType.Float32, [rows, columns]);

    /// <summary>Rows of so many columns, whichever way round the codes lie.</summary>
    private static void Center(ReadOnlySpan<T> codes, bool adjoint, int columns, int zero, Span<float> centered)
    {
        int rows = columns == 0 ? 0 : centered.Length / columns;
        for (int row = 0, i = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++, i++)
                centered[i] = int.CreateTruncating(codes[adjoint ? column * rows + row : i]) - zero;
        }
    }

    private Span<int> Multiply(in RunContext context, ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Span<int> sums = context.Write<int>(_sums);
        Span<float> products = context.Write<float>(_products), panels = context.Write<float>(_panels);
        sums.Clear();
        for (int first = 0; first < _size.Depth; first += MostDepth)
        {
            int depth = Math.Min(MostDepth, _size.Depth - first);
            GemmGeometry part = GemmGeometry.Dense(_size.Rows, depth, _size.Depth);
            _gemm.RunUnpacked(left[first..], part, right.Slice(first * _size.Columns, depth * _size.Columns), transposed: false, panels, _size.Columns, products);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += (int)products[i];
        }

        return sums;
    }

    private void Round(ReadOnlySpan<int> sums, Span<TC> codes)
    {
        if (_requantization is not null)
        {
            _requantization.Rows(sums, _size.Rows, _size.Columns, 0, _size.Columns, codes);
            return;
        }

        for (int i = 0; i < codes.Length; i++)
            codes[i] = TC.CreateTruncating(sums[i]);
    }
}
