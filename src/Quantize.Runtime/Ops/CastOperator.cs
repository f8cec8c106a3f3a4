using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>CAST between element types: integers wrap, floats are cut towards zero, anything but zero is true.</summary>
internal static class CastOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Cast, ElementwiseShapes.Cast, Prepare);

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        if ((input.Type, output.Type) == (TensorType.BFloat16, TensorType.Float32))
            return new WidenStep(input, output);
        return input.Type switch
        {
            TensorType.Float32 => To<float>(context, input, output),
            TensorType.Float64 => To<double>(context, input, output),
            TensorType.Float16 => To<Half>(context, input, output),
            TensorType.Int8 => To<sbyte>(context, input, output),
            TensorType.UInt8 or TensorType.Bool => To<byte>(context, input, output),
            TensorType.Int16 => To<short>(context, input, output),
            TensorType.UInt16 => To<ushort>(context, input, output),
            TensorType.Int32 => To<int>(context, input, output),
            TensorType.UInt32 => To<uint>(context, input, output),
            TensorType.Int64 => To<long>(context, input, output),
            _ => throw Unknown(context, input, output),
        };
    }

    private static Step To<TFrom>(PrepareContext context, TensorSlot input, TensorSlot output)
        where TFrom : unmanaged, INumberBase<TFrom> => output.Type switch
        {
            TensorType.Float32 => new CastStep<TFrom, float>(input, output),
            TensorType.Float64 => new CastStep<TFrom, double>(input, output),
            TensorType.Float16 => new CastStep<TFrom, Half>(input, output),
            TensorType.Int8 => new CastStep<TFrom, sbyte>(input, output),
            TensorType.UInt8 => new CastStep<TFrom, byte>(input, output),
            TensorType.Int16 => new CastStep<TFrom, short>(input, output),
            TensorType.UInt16 => new CastStep<TFrom, ushort>(input, output),
            TensorType.Int32 => new CastStep<TFrom, int>(input, output),
            TensorType.UInt32 => new CastStep<TFrom, uint>(input, output),
            TensorType.Int64 => new CastStep<TFrom, long>(input, output),
            TensorType.Bool => new TruthStep<TFrom>(input, output),
            _ => throw Unknown(context, input, output),
        };

    private static Exception Unknown(PrepareContext context, TensorSlot input, TensorSlot output) =>
        context.Fail($"casts {input.Type} to {output.Type}, for which there is no kernel");

    private sealed class CastStep<TFrom, TTo>(TensorSlot input, TensorSlot output) : Step
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        public override string Kernel => $"cast {input.Type} to {output.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<TFrom> source = context.Read<TFrom>(input);
            Span<TTo> target = context.Write<TTo>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = TTo.CreateTruncating(source[i]);
        }
    }

    private sealed class TruthStep<TFrom>(TensorSlot input, TensorSlot output) : Step
        where TFrom : unmanaged, INumberBase<TFrom>
    {
        public override string Kernel => $"cast {input.Type} to Bool";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<TFrom> source = context.Read<TFrom>(input);
            Span<bool> target = context.Write<bool>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = !TFrom.IsZero(source[i]);
        }
    }

    /// <summary>A bfloat16 is the upper half of a float.</summary>
    private sealed class WidenStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => "cast BFloat16 to Float32";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<ushort> source = context.Read<ushort>(input);
            Span<float> target = context.Write<float>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = BitConverter.Int32BitsToSingle(source[i] << 16);
        }
    }
}
