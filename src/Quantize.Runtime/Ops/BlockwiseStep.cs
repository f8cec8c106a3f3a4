using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops;

/// <summary>FULLY_CONNECTED with a scale for each block of weights: one hybrid product for each block along the depth, added up.</summary>
internal sealed class BlockwiseStep : Step
{
    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly TensorSlot _stored;
    private readonly TensorSlot _scales;
    private readonly TensorSlot _corrections;
    private readonly TensorSlot _part;
    private readonly HybridInput _hybrid;
    private readonly GemmGeometry[] _blocks;
    private readonly Lazy<PackedHybridWeights[]> _weights;
    private readonly Elementwise _elementwise;
    private readonly ActivationRange _range;
    private readonly int _depth;
    private readonly int _rows;

    public BlockwiseStep(PrepareContext context, BlockwiseScales blocks, ActivationRange range, bool asymmetric)
    {
        TensorSlot weights = context.Input(1);
        (_input, _output, _range) = (context.Input(0), context.Output(0), range);
        _elementwise = context.Kernels.Elementwise;
        _depth = weights.Shape[1];
        _rows = _input.ElementCount / Math.Max(1, _depth);
        _hybrid = HybridInput.Choose(context, _input, asymmetric);
        int[] rows = [.. Enumerable.Range(0, _rows).Select(row => row * _depth)];
        _blocks = [.. Enumerable.Range(0, _depth / blocks.BlockSize).Select(block => new GemmGeometry(rows, [block * blocks.BlockSize], blocks.BlockSize))];
        _weights = context.Packed(weights, $"{context.Kernels.Name} {_hybrid.Form} blocks {FloatWeights.BiasKey(context, 2)}", () => Pack(context, weights, blocks));
        _stored = context.Scratch(checked(_input.ElementCount * _hybrid.Form.Bytes() + HybridGemm.ReadAhead));
        _scales = context.Scratch(_rows * sizeof(float));
        _corrections = context.Scratch(_rows * sizeof(int));
        _part = context.Scratch(checked(_output.ElementCount * sizeof(float)));
        Kernel = $"{context.Kernels.Name} dense {_hybrid.Description}, blocks of {blocks.BlockSize}";
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<float> values = context.Read<float>(_input);
        Span<byte> stored = context.Write<byte>(_stored);
        Span<float> scales = context.Write<float>(_scales), output = context.Write<float>(_output), part = context.Write<float>(_part);
        Span<int> corrections = context.Write<int>(_corrections);
        int rowBytes = _depth * _hybrid.Form.Bytes();
        for (int row = 0; row < _rows; row++)
            _hybrid.Quantize(values.Slice(row * _depth, _depth), stored[(row * rowBytes)..], out scales[row], out corrections[row]);
        PackedHybridWeights[] weights = _weights.Value;
        output.Clear();
        for (int block = 0; block < _blocks.Length; block++)
        {
            _hybrid.Gemm.Run(stored, _blocks[block], weights[block], scales, corrections, part, weights[block].Outputs, float.NegativeInfinity, float.PositiveInfinity);
            bool last = block == _blocks.Length - 1;
            _elementwise.Binary(BinaryFunction.Add, output, part, output, last ? _range.Minimum : float.NegativeInfinity, last ? _range.Maximum : float.PositiveInfinity);
        }
    }

    private PackedHybridWeights[] Pack(PrepareContext context, TensorSlot weights, BlockwiseScales blocks)
    {
        sbyte[] codes = WeightCodes.Hybrid(context, weights);
        int outputs = weights.Shape[0], size = blocks.BlockSize;
        var packed = new PackedHybridWeights[_blocks.Length];
        for (int block = 0; block < packed.Length; block++)
        {
            var part = new sbyte[outputs * size];
            for (int n = 0; n < outputs; n++)
                codes.AsSpan(n * _depth + block * size, size).CopyTo(part.AsSpan(n * size));
            float[] scales = [.. Enumerable.Range(0, outputs).Select(n => blocks.Scales[n * packed.Length + block])];
            ReadOnlySpan<float> bias = block == 0 && context.OptionalInput(2) is { } constant ? context.Constant<float>(constant) : [];
            packed[block] = _hybrid.Gemm.Pack(part, scales, bias, outputs, 1, size);
        }

        return packed;
    }
}
