using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>CONCATENATION of uint8 codes whose scales differ: each input is brought to the output's scale by a table.</summary>
internal sealed class RescaledJoinStep : Step
{
    private readonly TensorSlot[] _inputs;
    private readonly TensorSlot _output;
    private readonly byte[][] _tables;
    private readonly int[] _rowLengths;
    private readonly int _rows;

    public RescaledJoinStep(PrepareContext context, AxisGeometry[] parts)
    {
        _inputs = [.. Enumerable.Range(0, context.InputCount).Select(context.Input)];
        _output = context.Output(0);
        TensorScale to = TensorScale.Of(_output, context);
        _tables = [.. _inputs.Select(input => Table(TensorScale.Of(input, context), to))];
        _rowLengths = [.. parts.Select(part => part.Length * part.Inner)];
        _rows = parts[0].Outer;
    }

    public override string Kernel => "concatenation UInt8, rescaled";

    public static bool Applies(PrepareContext context) =>
        context.Output(0) is { Type: TensorType.UInt8, Quantization: { PerChannel: false } to }
        && Enumerable.Range(0, context.InputCount).Select(context.Input).Any(input =>
            input.Quantization is { PerChannel: false } from && (from.Scales[0] != to.Scales[0] || from.ZeroPoints[0] != to.ZeroPoints[0]));

    public override void Run(in RunContext context)
    {
        Span<byte> target = context.Write<byte>(_output);
        int stride = _output.ElementCount / Math.Max(1, _rows), at = 0;
        for (int i = 0; i < _inputs.Length; at += _rowLengths[i], i++)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(_inputs[i]);
            for (int row = 0; row < _rows; row++)
                Map(source.Slice(row * _rowLengths[i], _rowLengths[i]), _tables[i], target[(row * stride + at)..]);
        }
    }

    private static byte[] Table(TensorScale from, TensorScale to)
    {
        float scale = from.Scale * (1 / to.Scale), bias = -from.ZeroPoint * scale;
        return [.. Enumerable.Range(0, 256).Select(code => byte.CreateSaturating((int)MathF.Round(code * scale + bias, MidpointRounding.AwayFromZero) + to.ZeroPoint))];
    }

    private static void Map(ReadOnlySpan<byte> codes, byte[] table, Span<byte> target)
    {
        for (int i = 0; i < codes.Length; i++)
            target[i] = table[codes[i]];
    }
}
