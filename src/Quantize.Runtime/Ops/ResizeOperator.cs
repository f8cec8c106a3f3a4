using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR of [batch, height, width, channels] to a constant [height, width].</summary>
internal static class ResizeOperator
{
    public static OperatorDefinition Bilinear { get; } = new(BuiltinOperator.ResizeBilinear, Infer, PrepareBilinear);

    public static OperatorDefinition NearestNeighbor { get; } = new(BuiltinOperator.ResizeNearestNeighbor, Infer, PrepareNearest);

    private static void Infer(ShapeContext context)
    {
        Shape input = context.Shape(0, rank: 4);
        if (!input.HasRank || context.Values(1) is not { Length: 2 } size)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        context.Output(0, context.Type(0), Shape.Of(input[0], size[0], size[1], input[3]));
    }

    private static Step PrepareBilinear(PrepareContext context)
    {
        var options = context.OptionsAs<ResizeBilinearOptions>();
        TensorSlot input = context.Input(0), output = context.Output(0);
        CheckSize(context, input, output);
        output.IsNonNegative = input.IsNonNegative;
        return input.Type switch
        {
            TensorType.Float32 => new BilinearStep(
                input, output,
                Interpolate(input.Shape[1], output.Shape[1], options.AlignCorners, options.HalfPixelCenters),
                Interpolate(input.Shape[2], output.Shape[2], options.AlignCorners, options.HalfPixelCenters)),
            TensorType.Int8 => new IntegerBilinearStep<sbyte>(context, options.AlignCorners, options.HalfPixelCenters),
            TensorType.UInt8 => new ByteBilinearStep(
                input, output,
                Interpolate(input.Shape[1], output.Shape[1], options.AlignCorners, options.HalfPixelCenters),
                Interpolate(input.Shape[2], output.Shape[2], options.AlignCorners, options.HalfPixelCenters)),
            TensorType.Int16 => new IntegerBilinearStep<short>(context, options.AlignCorners, options.HalfPixelCenters),
            TensorType type => throw context.Fail($"resizes {type}, for which there is no kernel"),
        };
    }

    private static NearestStep PrepareNearest(PrepareContext context)
    {
        var options = context.OptionsAs<ResizeNearestNeighborOptions>();
        TensorSlot input = context.Input(0), output = context.Output(0);
        CheckSize(context, input, output);
        output.IsNonNegative = input.IsNonNegative;
        return new NearestStep(
            input, output,
            Nearest(input.Shape[1], output.Shape[1], options.AlignCorners, options.HalfPixelCenters),
            Nearest(input.Shape[2], output.Shape[2], options.AlignCorners, options.HalfPixelCenters),
            context.ElementBytes(input));
    }

    private static void CheckSize(PrepareContext context, TensorSlot input, TensorSlot output)
    {
        if (output.Shape[1] <= 0 || output.Shape[2] <= 0 || input.Shape[1] == 0 || input.Shape[2] == 0)
            throw context.Fail($"resizes {input} to {output.Shape[1]} x {output.Shape[2]}");
    }

    private static float Scale(int from, int to, bool alignCorners) => alignCorners && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;

    private static Sample[] Interpolate(int from, int to, bool alignCorners, bool halfPixelCenters)
    {
        float scale = Scale(from, to, alignCorners);
        var samples = new Sample[to];
        for (int i = 0; i < to; i++)
        {
            float position = halfPixelCenters ? (i + 0.5f) * scale - 0.5f : i * scale;
            float floor = MathF.Floor(position);
            int low = Math.Clamp((int)floor, 0, from - 1);
            samples[i] = new Sample(low, Math.Clamp((int)floor + 1, 0, from - 1), position - low);
        }

        return samples;
    }

    private static int[] Nearest(int from, int to, bool alignCorners, bool halfPixelCenters)
    {
        float scale = Scale(from, to, alignCorners), offset = halfPixelCenters ? 0.5f : 0;
        var sources = new int[to];
        for (int i = 0; i < to; i++)
        {
            float position = (i + offset) * scale;
            int source = (int)(alignCorners ? MathF.Floor(position + 0.5f) : MathF.Floor(position));
            sources[i] = Math.Clamp(source, 0, from - 1);
        }

        return sources;
    }

    /// <summary>Between two neighbours: low + (high - low) * weight.</summary>
    private readonly record struct Sample(int Low, int High, float Weight);

    private sealed class BilinearStep(TensorSlot input, TensorSlot output, Sample[] rows, Sample[] columns) : Step
    {
        public override string Kernel => "resize bilinear";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<float> source = context.Read<float>(input);
            Span<float> target = context.Write<float>(output);
            int channels = input.Shape[3], rowLength = input.Shape[2] * channels, imageLength = input.Shape[1] * rowLength, at = 0;
            for (int item = 0; item < input.Shape[0]; item++)
            {
                ReadOnlySpan<float> image = source.Slice(item * imageLength, imageLength);
                foreach (Sample row in rows)
                {
                    ReadOnlySpan<float> top = image.Slice(row.Low * rowLength, rowLength), bottom = image.Slice(row.High * rowLength, rowLength);
                    foreach (Sample column in columns)
                    {
                        Mix(top, bottom, column.Low * channels, column.High * channels, row.Weight, column.Weight, target.Slice(at, channels));
                        at += channels;
                    }
                }
            }
        }

        private static void Mix(ReadOnlySpan<float> top, ReadOnlySpan<float> bottom, int left, int right, float down, float across, Span<float> pixel)
        {
            for (int c = 0; c < pixel.Length; c++)
            {
                float upper = top[left + c] + (top[right + c] - top[left + c]) * across;
                float lower = bottom[left + c] + (bottom[right + c] - bottom[left + c]) * across;
                pixel[c] = upper + (lower - upper) * down;
            }
        }
    }

    /// <summary>Bytes by the definition, in floats, halves upwards: so do Google's kernels for this type alone.</summary>
    private sealed class ByteBilinearStep(TensorSlot input, TensorSlot output, Sample[] rows, Sample[] columns) : Step
    {
        public override string Kernel => "resize bilinear UInt8";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(input);
            Span<byte> target = context.Write<byte>(output);
            int channels = input.Shape[3], rowLength = input.Shape[2] * channels, imageLength = input.Shape[1] * rowLength, at = 0;
            for (int item = 0; item < input.Shape[0]; item++)
            {
                ReadOnlySpan<byte> image = source.Slice(item * imageLength, imageLength);
                foreach (Sample row in rows)
                {
                    ReadOnlySpan<byte> top = image.Slice(row.Low * rowLength, rowLength), bottom = image.Slice(row.High * rowLength, rowLength);
                    foreach (Sample column in columns)
                    {
                        for (int c = 0; c < channels; c++, at++)
                            target[at] = Mix(top[column.Low * channels + c], bottom[column.Low * channels + c], top[column.High * channels + c], bottom[column.High * channels + c], row.Weight, column.Weight);
                    }
                }
            }
        }

        private static byte Mix(byte topLeft, byte bottomLeft, byte topRight, byte bottomRight, float down, float across) =>
            (byte)(topLeft * ((1 - down) * (1 - across)) + topRight * ((1 - down) * across) + bottomLeft * (down * (1 - across)) + bottomRight * (down * across) + 0.5f);
    }

    private sealed class NearestStep(TensorSlot input, TensorSlot output, int[] rows, int[] columns, int elementBytes) : Step
    {
        public override string Kernel => "resize nearest neighbor";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(input);
            Span<byte> target = context.Write<byte>(output);
            int pixel = input.Shape[3] * elementBytes, rowLength = input.Shape[2] * pixel, at = 0;
            for (int item = 0; item < input.Shape[0]; item++)
            {
                foreach (int row in rows)
                {
                    ReadOnlySpan<byte> line = source.Slice((item * input.Shape[1] + row) * rowLength, rowLength);
                    foreach (int column in columns)
                    {
                        line.Slice(column * pixel, pixel).CopyTo(target[at..]);
                        at += pixel;
                    }
                }
            }
        }
    }
}
