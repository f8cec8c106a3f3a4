using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Rows of floats times the weights of gates: in float, or hybrid where the weights have 8 bits, each row with a scale of its own.</summary>
internal abstract class RecurrentProduct
{
    /// <summary>For at most <paramref name="rows"/> rows of <paramref name="values"/>.</summary>
    public static RecurrentProduct Prepare(PrepareContext context, GateWeights weights, TensorSlot values, int rows, bool asymmetric) =>
        weights.IsHybrid && !FloatWeights.ArePreferred(context, weights.Outputs, weights.Depth)
            ? new Hybrid(context, weights, HybridInput.Choose(context, values, asymmetric), rows)
            : new Float(context.Kernels.FloatGemm, weights);

    /// <summary>The words for the plan's reader.</summary>
    public abstract string Arithmetic { get; }

    /// <summary>sums = rows * weights^T + bias, row after row.</summary>
    public abstract void Run(in RunContext context, ReadOnlySpan<float> values, ProductRows rows, Span<float> sums, float minimum = float.NegativeInfinity, float maximum = float.PositiveInfinity);

    private sealed class Float(FloatGemm gemm, GateWeights weights) : RecurrentProduct
    {
        private readonly Lazy<PackedFloatWeights> _weights = weights.Pack(gemm);

        public override string Arithmetic => weights.IsHybrid ? "float, weights expanded" : "float";

        public override void Run(in RunContext context, ReadOnlySpan<float> values, ProductRows rows, Span<float> sums, float minimum, float maximum) =>
            gemm.Run(values, rows.Values, _weights.Value, sums, _weights.Value.Outputs, minimum, maximum);
    }

    private sealed class Hybrid(PrepareContext context, GateWeights weights, HybridInput input, int rows) : RecurrentProduct
    {
        private readonly Lazy<PackedHybridWeights> _weights = weights.Pack(input.Gemm);
        private readonly int _rowBytes = checked(weights.Depth * input.Form.Bytes());
        private readonly TensorSlot _stored = context.Scratch(checked(rows * weights.Depth * input.Form.Bytes() + HybridGemm.ReadAhead));
        private readonly TensorSlot _scales = context.Scratch(checked(rows * sizeof(float)));
        private readonly TensorSlot _corrections = context.Scratch(checked(rows * sizeof(int)));

        public override string Arithmetic => input.Description;

        public override void Run(in RunContext context, ReadOnlySpan<float> values, ProductRows rows, Span<float> sums, float minimum, float maximum)
        {
            int count = rows.Values.Rows, depth = rows.Values.Depth;
            Span<byte> stored = context.Write<byte>(_stored);
            Span<float> scales = context.Write<float>(_scales)[..count];
            Span<int> corrections = context.Write<int>(_corrections)[..count];
            for (int row = 0; row < count; row++)
                input.Quantize(values.Slice(rows.Values.RowOffsets[row], depth), stored[(row * _rowBytes)..], out scales[row], out corrections[row]);
            input.Gemm.Run(stored, rows.Stored, _weights.Value, scales, corrections, sums, _weights.Value.Outputs, minimum, maximum);
        }
    }
}
