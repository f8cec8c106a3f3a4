using System.Numerics;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>MAX_POOL_2D and AVERAGE_POOL_2D of codes, whose scale stays; means are rounded to the nearest code, halves away from zero.</summary>
internal sealed class IntegerPoolStep<T>(PrepareContext context, PoolGeometry geometry, bool average, CodeRange range) : Step
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly TensorSlot _input = context.Input(0);
    private readonly TensorSlot _output = context.Output(0);
    private readonly TensorSlot _folded = context.Scratch(checked(geometry.Channels * sizeof(int)));

    public override string Kernel => $"{(average ? "average" : "max")} pool {_input.Type}";

    public override void Run(in RunContext context)
    {
        ReadOnlySpan<T> source = context.Read<T>(_input);
        Span<T> target = context.Write<T>(_output);
        Span<int> folded = context.Write<int>(_folded);
        int imageLength = geometry.InputHeight * geometry.InputWidth * geometry.Channels, at = 0;
        for (int item = 0; item < geometry.Batch; item++)
        {
            ReadOnlySpan<T> image = source.Slice(item * imageLength, imageLength);
            for (int y = 0; y < geometry.OutputHeight; y++)
            {
                for (int x = 0; x < geometry.OutputWidth; x++, at += geometry.Channels)
                    Finish(folded, Fold(image, y, x, folded), target.Slice(at, geometry.Channels));
            }
        }
    }

    /// <summary>The pixels that the window covers.</summary>
    private int Fold(ReadOnlySpan<T> image, int y, int x, Span<int> folded)
    {
        folded.Fill(average ? 0 : int.MinValue);
        int top = y * geometry.StrideHeight - geometry.PaddingTop, left = x * geometry.StrideWidth - geometry.PaddingLeft;
        int lastRow = Math.Min(top + geometry.FilterHeight, geometry.InputHeight), lastColumn = Math.Min(left + geometry.FilterWidth, geometry.InputWidth), count = 0;
        for (int row = Math.Max(top, 0); row < lastRow; row++)
        {
            for (int column = Math.Max(left, 0); column < lastColumn; column++, count++)
                Add(image.Slice((row * geometry.InputWidth + column) * geometry.Channels, geometry.Channels), folded);
        }

        return count;
    }

    private void Add(ReadOnlySpan<T> pixel, Span<int> folded)
    {
        if (average)
        {
            for (int c = 0; c < pixel.Length; c++)
                folded[c] += int.CreateTruncating(pixel[c]);
        }
        else
        {
            for (int c = 0; c < pixel.Length; c++)
                folded[c] = Math.Max(folded[c], int.CreateTruncating(pixel[c]));
        }
    }

    private void Finish(ReadOnlySpan<int> folded, int count, Span<T> pixel)
    {
        for (int c = 0; c < pixel.Length; c++)
        {
            int value = !average ? folded[c] : count == 0 ? 0 : (folded[c] + (folded[c] > 0 ? count / 2 : -(count / 2))) / count;
            pixel[c] = T.CreateTruncating(Math.Clamp(value, range.Minimum, range.Maximum));
        }
    }
}
