using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops;

/// <summary>BATCH_MATMUL by constant 8-bit weights as Google's kernels do it: each row of the left operand in 8 bits of its own.</summary>
internal sealed class HybridMatMulStep : Step
{
    private readonly TensorSlot _a;
    private readonly TensorSlot _output;
    private readonly TensorSlot _row;
    private readonly TensorSlot _stored;
    private readonly TensorSlot _scales;
    private readonly TensorSlot _corrections;
    private readonly HybridInput _hybrid;
    private readonly GemmGeometry _product;
    private readonly StridedWalk _walk;
    private readonly Lazy<PackedHybridWeights[]> _weights;
    private readonly bool _adjoint;
    private readonly int _columns;
    private readonly int _batches;

    public HybridMatMulStep(PrepareContext context, BatchMatMulOptions options)
    {
        TensorSlot b = context.Input(1);
        (_a, _output, _adjoint) = (context.Input(0), context.Output(0), options.AdjX);
        int rows = _output.Shape[^2], depth = _a.Shape[options.AdjX ? ^2 : ^1];
        _columns = _output.Shape[^1];
        _product = GemmGeometry.Dense(rows, depth, depth);
        int[] batch = _output.Shape[..^2];
        _batches = batch.Aggregate(1, (all, dimension) => all * dimension);
        _walk = StridedWalk.Broadcast(batch, _a.Shape[..^2], b.Shape[..^2]);
        _hybrid = HybridInput.Choose(context, _a, options.AsymmetricQuantizeInputs);
        float[] scales = WeightCodes.Scales(context, b, b.Shape.Length - (options.AdjY ? 2 : 1));
        _weights = context.Packed(b, $"{context.Kernels.Name} {_hybrid.Form} matmul {options.AdjY}", () => Pack(WeightCodes.Hybrid(context, b), scales, options.AdjY));
        _row = context.Scratch(depth * sizeof(float));
        _stored = context.Scratch(checked(rows * depth * _hybrid.Form.Bytes() + HybridGemm.ReadAhead));
        _scales = context.Scratch(rows * sizeof(float));
        _corrections = context.Scratch(rows * sizeof(int));
        Kernel = $"{context.Kernels.Name} matmul {_hybrid.Description}";
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> a = context.Read<float>(_a);
        Span<float> output = context.Write<float>(_output), scales = context.Write<float>(_scales);
        Span<byte> stored = context.Write<byte>(_stored);
        Span<int> corrections = context.Write<int>(_corrections);
        int lengthA = _product.Rows * _product.Depth, length = _product.Rows * _columns, rowBytes = _product.Depth * _hybrid.Form.Bytes();
        Span<int> at = stackalloc int[StridedWalk.MaximumOperands], index = stackalloc int[StridedWalk.MaximumRank];
        _walk.Start(at, index);
        for (int batch = 0; batch < _batches; batch++, _walk.Next(at, index))
        {
            ReadOnlySpan<float> left = a.Slice(at[0] * lengthA, lengthA);
            for (int row = 0; row < _product.Rows; row++)
                _hybrid.Quantize(Row(context, left, row), stored[(row * rowBytes)..], out scales[row], out corrections[row]);
            _hybrid.Gemm.Run(stored, _product, _weights.Value[at[1]], scales, corrections, output.Slice(batch * length, length), _columns, float.NegativeInfinity, float.PositiveInfinity);
        }
    }

    private ReadOnlySpan<float> Row(in RunContext context, ReadOnlySpan<float> left, int row)
    {
        if (!_adjoint)
            return left.Slice(row * _product.Depth, _product.Depth);
        Span<float> gathered = context.Write<float>(_row);
        for (int k = 0; k < gathered.Length; k++)
            gathered[k] = left[k * _product.Rows + row];
        return gathered;
    }

    private PackedHybridWeights[] Pack(sbyte[] codes, float[] scales, bool columnsFirst)
    {
        int depth = _product.Depth, length = depth * _columns;
        var packed = new PackedHybridWeights[length == 0 ? 0 : codes.Length / length];
        for (int i = 0; i < packed.Length; i++)
        {
            var rows = new sbyte[length];
            for (int at = 0; at < length; at++)
                rows[at] = codes[i * length + (columnsFirst ? at : at % depth * _columns + at / depth)];
            packed[i] = _hybrid.Gemm.Pack(rows, scales, [], _columns, 1, depth);
        }

        return packed;
    }
}
