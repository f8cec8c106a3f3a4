using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>
/// 8-bit codes: stored activations times packed weights on the tiles of the hybrid products, a block of rows at a time, whose sums are still in the cache when they
/// become codes.
/// </summary>
internal sealed class IntegerProductStep<TOutput> : Step
    where TOutput : unmanaged, IBinaryInteger<TOutput>
{
    private readonly IntegerLayer _layer;
    private readonly IntegerInput _input;
    private readonly IntegerWeights _weights;
    private readonly Requantization _requantization;
    private readonly TensorSlot _sums;
    private readonly int _blockRows;

    public IntegerProductStep(IntegerLayer layer)
    {
        _layer = layer;
        _input = layer.Input();
        int[] bias = IntegerBias.Narrow(layer.Context, layer.BiasInput, layer.Outputs);
        _weights = new IntegerWeights(layer.Context, layer.Filter, bias, FloatWeights.BiasKey(layer.Context, layer.BiasInput), _input.Gemm, layer.Groups, layer.Product);
        _requantization = layer.Requantization();
        _blockRows = layer.BlockRows(_weights.RowLength);
        _sums = layer.Context.Scratch(checked(_blockRows * _weights.RowLength * sizeof(int)));
        Kernel = layer.Kernel;
    }

    public override string Kernel { get; }

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<byte> source = context.Read<byte>(_layer.Source);
        Span<TOutput> target = context.Write<TOutput>(_layer.Target);
        int sourceLength = source.Length / Math.Max(1, _layer.Items), targetLength = target.Length / Math.Max(1, _layer.Items);
        for (int item = 0; item < _layer.Items; item++)
        {
            ReadOnlySpan<byte> stored = _input.Store(context, source.Slice(item * sourceLength, sourceLength), low: false);
            for (int group = 0; group < _layer.Groups; group++)
                Multiply(context, stored, group, target.Slice(item * targetLength, targetLength));
        }
    }

    private void Multiply(in RunContext context, ReadOnlySpan<byte> stored, int group, Span<TOutput> codes)
    {
        GemmGeometry product = _layer.Product;
        Span<int> sums = context.Write<int>(_sums);
        int start = _layer.Groups > 1 ? group * product.SegmentLength * _input.ElementBytes : 0, length = _weights.RowLength;
        for (int first = 0; first < product.Rows; first += _blockRows)
        {
            int count = Math.Min(_blockRows, product.Rows - first);
            _input.Gemm.RunSums(stored[start..], product, first, count, _weights.Group(group), _input.Correction(low: false), sums);
            for (int row = 0; row < count && _weights.ZeroPoint != 0; row++)
                _weights.Corrected(sums.Slice(row * length, length));
            int output = group * _weights.Outputs;
            _requantization.Rows(sums, count, length, output, _weights.Outputs, codes[(first * _layer.Outputs + output)..]);
        }
    }
}
