using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>REVERSE_V2 along constant axes; REVERSE_SEQUENCE turns round the first elements of each batch item, as many as its length says.</summary>
internal static class ReverseOperator
{
    public static OperatorDefinition ReverseV2 { get; } = new(BuiltinOperator.ReverseV2, ElementwiseShapes.Unary, PrepareReverse) { MovesElements = true };

    public static OperatorDefinition ReverseSequence { get; } = new(BuiltinOperator.ReverseSequence, ElementwiseShapes.Unary, PrepareSequence) { MovesElements = true };

    private static Step PrepareReverse(PrepareContext context)
    {
        TensorSlot input = context.Input(0);
        int[] strides = [.. input.Shape.Select((_, d) => AxisGeometry.Of(input.Shape, d).Inner)];
        int start = 0;
        foreach (long wanted in context.Integers(context.Input(1)))
        {
            long axis = wanted < 0 ? wanted + input.Shape.Length : wanted;
            if ((ulong)axis >= (ulong)input.Shape.Length)
                throw context.Fail($"reverses axis {wanted} of {input}");
            start += strides[axis] * Math.Max(0, input.Shape[axis] - 1);
            strides[axis] = -strides[axis];
        }

        context.Output(0).IsNonNegative = input.IsNonNegative;
        return Rescaling.AfterMove(context, new GatherStep(input, context.Output(0), start, input.Shape, strides, context.ElementBytes(input), "reverse"));
    }

    private static SequenceStep PrepareSequence(PrepareContext context)
    {
        var options = context.OptionsAs<ReverseSequenceOptions>();
        TensorSlot input = context.Input(0);
        int rank = input.Shape.Length;
        if ((uint)options.SeqDim >= (uint)rank || (uint)options.BatchDim >= (uint)rank || options.SeqDim == options.BatchDim)
            throw context.Fail($"reverses axis {options.SeqDim} by batch axis {options.BatchDim} of {input}");
        TensorSlot lengths = context.Input(1);
        if (lengths.Type is not (TensorType.Int32 or TensorType.Int64) || lengths.ElementCount != input.Shape[options.BatchDim])
            throw context.Fail($"reverses {input.Shape[options.BatchDim]} sequences of {lengths}");
        context.Output(0).IsNonNegative = input.IsNonNegative;
        return new SequenceStep(input, context.Input(1), context.Output(0), options, context.ElementBytes(input));
    }

    private sealed class SequenceStep(TensorSlot input, TensorSlot lengths, TensorSlot output, ReverseSequenceOptions options, int elementBytes) : Step
    {
        private readonly AxisGeometry _sequence = AxisGeometry.Of(input.Shape, options.SeqDim);
        private readonly AxisGeometry _batch = AxisGeometry.Of(input.Shape, options.BatchDim);

        public override string Kernel => "reverse sequence";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> source = context.Read<byte>(input);
            Span<byte> target = context.Write<byte>(output);
            int inner = Math.Min(_sequence.Inner, _batch.Inner); // below both axes, or from the inner one on
            int run = inner * elementBytes;
            for (int at = 0; at < input.ElementCount; at += inner)
            {
                int item = at / _batch.Inner % _batch.Length;
                int step = at / _sequence.Inner % _sequence.Length;
                long length = lengths.Type == TensorType.Int64 ? context.Read<long>(lengths)[item] : context.Read<int>(lengths)[item];
                if (length < 0 || length > _sequence.Length)
                    throw new ArgumentOutOfRangeException($"'{lengths.Name}' gives the length {length} of a sequence of {_sequence.Length}", (Exception?)null);
                int from = step < length ? at + ((int)length - 1 - 2 * step) * _sequence.Inner : at;
                source.Slice(from * elementBytes, run).CopyTo(target[(at * elementBytes)..]);
            }
        }
    }
}
