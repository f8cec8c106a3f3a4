using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>PAD (zeros), PADV2 (a given value) and MIRROR_PAD; the widths [rank, 2] are constants.</summary>
internal static class PadOperator
{
    public static OperatorDefinition Pad { get; } = new(BuiltinOperator.Pad, LayoutShapes.Pad, context => Prepare(context, value: null, mirror: null));

    public static OperatorDefinition PadV2 { get; } = new(BuiltinOperator.Padv2, LayoutShapes.Pad, context => Prepare(context, context.Input(2), mirror: null));

    public static OperatorDefinition MirrorPad { get; } = new(
        BuiltinOperator.MirrorPad, LayoutShapes.Pad, context => Prepare(context, value: null, mirror: context.OptionsAs<MirrorPadOptions>().Mode));

    /// <summary>Whether the operator puts zeros around floats, as far as it is known.</summary>
    public static bool IsZero(PrepareContext context) =>
        context.Input(0).Type == TensorType.Float32 && (context.OptionalInput(2) is not { } value || (value.IsKnown && context.Constant<float>(value)[0] == 0));

    private static PadStep Prepare(PrepareContext context, TensorSlot? value, MirrorPadMode? mirror)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        long[] widths = context.Integers(context.Input(1));
        int rank = input.Shape.Length;
        var sources = new int[rank][];
        for (int d = 0; d < rank; d++)
        {
            int before = (int)widths[2 * d], size = input.Shape[d];
            int reach = mirror is null ? int.MaxValue : mirror == MirrorPadMode.Reflect ? size - 1 : size;
            if (before < 0 || widths[2 * d + 1] < 0 || before > reach || widths[2 * d + 1] > reach)
                throw context.Fail($"pads dimension {d} of {input} by {before} and {widths[2 * d + 1]}");
            sources[d] = [.. Enumerable.Range(-before, output.Shape[d]).Select(i => Source(i, size, mirror))];
        }

        output.IsNonNegative = input.IsNonNegative && (value is null || IsZero(context));
        return new PadStep(input, output, value, sources, context.ElementBytes(input));
    }

    /// <summary>Which element of the dimension stands there; -1 for the padding value.</summary>
    private static int Source(int index, int size, MirrorPadMode? mirror)
    {
        if ((uint)index < (uint)size)
            return index;
        return mirror switch
        {
            null => -1,
            MirrorPadMode.Reflect => index < 0 ? -index : 2 * size - 2 - index,
            _ => index < 0 ? -index - 1 : 2 * size - 1 - index,
        };
    }

    private sealed class PadStep(TensorSlot input, TensorSlot output, TensorSlot? value, int[][] sources, int elementBytes) : Step
    {
        private readonly int[] _strides = [.. input.Shape.Select((_, d) => Kernels.AxisGeometry.Of(input.Shape, d).Inner)];
        private readonly int[] _inner = [.. output.Shape.Select((_, d) => Kernels.AxisGeometry.Of(output.Shape, d).Inner)];

        private readonly int _lastPadded = LastPadded(sources, input.Shape);

        public override string Kernel => "pad";

        public override void Run(in RunContext context)
        {
            switch (elementBytes)
            {
                case 1: Fill<byte>(context, Zero()); break;
                case 2: Fill<short>(context, 0); break;
                case 4: Fill<int>(context, 0); break;
                default: Fill<long>(context, 0); break;
            }
        }

        /// <summary>A quantized zero is the zero point.</summary>
        private byte Zero() => unchecked((byte)(input.Quantization?.ZeroPoints[0] ?? 0));

        private void Fill<T>(in RunContext context, T zero)
            where T : unmanaged
        {
            int at = 0;
            Fill(context.Read<T>(input), context.Write<T>(output), value is null ? zero : context.Read<T>(value)[0], 0, 0, ref at);
        }

        private void Fill<T>(ReadOnlySpan<T> source, Span<T> target, T outside, int dimension, int from, ref int at)
            where T : unmanaged
        {
            if (dimension == sources.Length)
            {
                if (!target.IsEmpty)
                    target[at++] = source[from];
                return;
            }

            int[] indices = sources[dimension];
            for (int i = 0, run; i < indices.Length; i += run)
            {
                int start = from + indices[i] * _strides[dimension];
                bool outsideOfIt = indices[i] < 0, copied = dimension == _lastPadded && !outsideOfIt;
                run = outsideOfIt || copied ? RunLength(indices, i) : 1;
                int count = run * _inner[dimension];
                if (outsideOfIt)
                    target.Slice(at, count).Fill(outside);
                else if (copied)
                    source.Slice(start, count).CopyTo(target[at..]);
                else
                    Fill(source, target, outside, dimension + 1, start, ref at);
                at += outsideOfIt || copied ? count : 0;
            }
        }

        /// <summary>Behind this dimension nothing is padded: neighbours in it are one copy.</summary>
        private static int LastPadded(int[][] sources, int[] shape)
        {
            int dimension = sources.Length - 1;
            while (dimension > 0 && sources[dimension].AsSpan().SequenceEqual([.. Enumerable.Range(0, shape[dimension])]))
                dimension--;
            return dimension;
        }

        /// <summary>How many positions from there on read neighbours, or all the padding value.</summary>
        private static int RunLength(int[] indices, int first)
        {
            int end = first + 1;
            while (end < indices.Length && indices[end] == (indices[first] < 0 ? -1 : indices[end - 1] + 1))
                end++;
            return end - first;
        }
    }
}
