using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>TRANSPOSE_CONV on codes: one product gives every input pixel's contribution to all taps, which are added up where they land and then rounded once.</summary>
internal sealed class IntegerTransposeConvStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly TensorSlot _source;
    private readonly TensorSlot _output;
    private readonly TensorSlot _taps;
    private readonly TensorSlot? _lowTaps;
    private readonly TensorSlot _sums;
    private readonly IntegerInput _input;
    private readonly IntegerWeights _weights;
    private readonly Requantization _requantization;
    private readonly TransposedTaps _landing;
    private readonly GemmGeometry _product;
    private readonly long[] _bias;
    private readonly bool _isNarrow;
    private readonly string _kernel;

    public IntegerTransposeConvStep(PrepareContext context, TransposeConvOptions options, int top, int left)
    {
        TensorSlot filter = context.Input(1);
        (_source, _output) = (context.Input(2), context.Output(0));
        bool wide = _source.Type == TensorType.Int16;
        int inputs = _source.Shape[3], outputs = _output.Shape[3];
        _product = GemmGeometry.Dense(_source.Shape[1] * _source.Shape[2], inputs, inputs);
        _landing = new TransposedTaps(_source.Shape, filter.Shape, _output.Shape, options, top, left);
        _input = new IntegerInput(context, _source, _product.Rows * inputs, null);
        _weights = new IntegerWeights(context, filter, [], "taps", _input.Gemm, 1, _product, codes => TransposedTaps.First(codes, filter.Shape));
        _requantization = Requantizations.Of(context, _source, filter, axis: 0, _output, options.Activation, _source.Type == TensorType.UInt8, FixedPointRounding.Twice);
        _isNarrow = !wide || context.OptionalInput(3)?.Type == TensorType.Int32 || options.QuantizedBiasType == TensorType.Int32;
        _bias = wide ? IntegerBias.Wide(context, 3, outputs) : IntegerBias.Narrow(context, 3, outputs) is { Length: > 0 } bias ? Array.ConvertAll(bias, value => (long)value) : new long[outputs];
        int tapBytes = checked(_product.Rows * _weights.RowLength * sizeof(int));
        _taps = context.Scratch(tapBytes);
        _lowTaps = wide ? context.Scratch(tapBytes) : null;
        _sums = context.Scratch(checked(_landing.OutputLength * sizeof(long)));
        _kernel = $"{context.Kernels.Name} transposed conv {_source.Type}";
    }

    public override string Kernel => _kernel;

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<byte> source = context.Read<byte>(_source);
        Span<T> codes = context.Write<T>(_output);
        Span<long> sums = context.Write<long>(_sums);
        int items = Math.Max(1, _source.Shape[0]), sourceBytes = source.Length / items, length = _landing.OutputLength;
        for (int item = 0; item < _source.Shape[0]; item++)
        {
            for (int pixel = 0; pixel < length; pixel += _bias.Length)
                _bias.CopyTo(sums[pixel..]);
            ReadOnlySpan<byte> image = source.Slice(item * sourceBytes, sourceBytes);
            Land(context, image, low: false, _lowTaps is null ? 1 : 256, context.Write<int>(_taps), sums);
            if (_lowTaps is not null)
                Land(context, image, low: true, 1, context.Write<int>(_lowTaps), sums);
            Round(sums, codes.Slice(item * length, length));
        }
    }

    private void Land(in RunContext context, ReadOnlySpan<byte> image, bool low, int worth, Span<int> taps, Span<long> sums)
    {
        ReadOnlySpan<byte> stored = _input.Store(context, image, low);
        _input.Gemm.RunSums(stored, _product, 0, _product.Rows, _weights.Group(0), _input.Correction(low), taps);
        for (int pixel = 0; pixel < _product.Rows; pixel++)
            _landing.Add(pixel, _weights.Corrected(taps.Slice(pixel * _weights.RowLength, _weights.RowLength)), worth, sums);
    }

    private void Round(Span<long> sums, Span<T> codes)
    {
        for (int pixel = 0; pixel < codes.Length; pixel += _bias.Length)
        {
            if (_isNarrow)
                _requantization.LowRow(sums.Slice(pixel, _bias.Length), 0, codes[pixel..]);
            else
                _requantization.Row(sums.Slice(pixel, _bias.Length), 0, codes[pixel..]);
        }
    }
}
