using System.Numerics;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>RESIZE_BILINEAR of codes: positions with 10 fractional bits, the mean of four neighbours rounded once, halves away from zero.</summary>
internal sealed class IntegerBilinearStep<T> : Step
    where T : unmanaged, IBinaryInteger<T>
{
    private const int Bits = 10;

    private readonly TensorSlot _input;
    private readonly TensorSlot _output;
    private readonly Sample[] _rows;
    private readonly Sample[] _columns;

    public IntegerBilinearStep(PrepareContext context, bool alignCorners, bool halfPixelCenters)
    {
        (_input, _output) = (context.Input(0), context.Output(0));
        _rows = Samples(_input.Shape[1], _output.Shape[1], alignCorners, halfPixelCenters);
        _columns = Samples(_input.Shape[2], _output.Shape[2], alignCorners, halfPixelCenters);
    }

    public override string Kernel => $"resize bilinear {_input.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<T> target = context.Write<T>(_output);
        int channels = _input.Shape[3], rowLength = _input.Shape[2] * channels, imageLength = _input.Shape[1] * rowLength, at = 0;
        for (int item = 0; item < _input.Shape[0]; item++)
        {
            ReadOnlySpan<T> image = source.Slice(item * imageLength, imageLength);
            foreach (Sample row in _rows)
            {
                ReadOnlySpan<T> top = image.Slice(row.Low * rowLength, rowLength), bottom = image.Slice(row.High * rowLength, rowLength);
                foreach (Sample column in _columns)
                {
                    Mix(top, bottom, row.Weight, column, target.Slice(at, channels));
                    at += channels;
                }
            }
        }
    }

    private static Sample[] Samples(int from, int to, bool alignCorners, bool halfPixelCenters)
    {
        int scale = alignCorners && to > 1 ? ((from - 1 << Bits) + (to - 1) / 2) / (to - 1) : ((from << Bits) + to / 2) / to;
        var samples = new Sample[to];
        for (int i = 0; i < to; i++)
        {
            int position = halfPixelCenters ? i * scale + scale / 2 - (1 << (Bits - 1)) : i * scale;
            int low = Math.Max(position / (1 << Bits), 0), high = Math.Min((position + (1 << Bits) - 1) / (1 << Bits), from - 1);
            samples[i] = new Sample(Math.Min(low, from - 1), Math.Max(high, 0), position - (low << Bits));
        }

        return samples;
    }

    private static void Mix(ReadOnlySpan<T> top, ReadOnlySpan<T> bottom, int down, Sample column, Span<T> pixel)
    {
        const int One = 1 << Bits;
        int left = column.Low * pixel.Length, right = column.High * pixel.Length;
        for (int c = 0; c < pixel.Length; c++)
        {
            long sum = long.CreateTruncating(top[left + c]) * (One - down) * (One - column.Weight)
                + long.CreateTruncating(bottom[left + c]) * down * (One - column.Weight)
                + long.CreateTruncating(top[right + c]) * (One - down) * column.Weight
                + long.CreateTruncating(bottom[right + c]) * down * column.Weight;
            pixel[c] = T.CreateTruncating((sum + (sum > 0 ? One * One / 2 : -One * One / 2)) / (One * One));
        }
    }

    /// <summary>Between two neighbours; the weight of the higher one in steps of 2^-10.</summary>
    private readonly record struct Sample(int Low, int High, int Weight);
}
