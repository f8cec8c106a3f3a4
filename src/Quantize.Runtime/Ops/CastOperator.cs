using System.Numerics;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>CAST between element types: integers wrap, floats are cut towards zero, anything but zero is true.</summary>
internal static class CastOperator
{
    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.Cast, ElementwiseShapes.Cast, Prepare);

    private static Step Prepare(PrepareContext context) => Prepare(context, context.Input(0), context.Output(0));

    private static Step Prepare(PrepareContext context, TensorSlot input, TensorSlot output)
    {
        return (input.Type, output.Type) switch
        {
            (TensorType.BFloat16, TensorType.Float32) => Map<ushort, float>(input, output, FloatConversion.FromBrain),
            (TensorType.Float32, TensorType.BFloat16) => Map<float, ushort>(input, output, FloatConversion.ToBrain),
            (TensorType.BFloat16, _) => ThroughFloats(context, slot => Map<ushort, float>(input, slot, FloatConversion.FromBrain)),
            (TensorType.Complex64, TensorType.Complex64) => Map<Complex64, Complex64>(input, output, number => number),
            (TensorType.Complex64, _) => ThroughFloats(context, slot => Map<Complex64, float>(input, slot, number => number.Real)),
            (TensorType.Float32, TensorType.Complex64) => Map<float, Complex64>(input, output, real => new Complex64(real, 0)),
            (_, TensorType.Complex64) => FromFloats(context, slot => Map<float, Complex64>(slot, output, real => new Complex64(real, 0))),
            (not TensorType.Float32, TensorType.BFloat16) => FromFloats(context, slot => Map<float, ushort>(slot, output, FloatConversion.ToBrain)),
            (TensorType.Float32, _) => FromFloat<float>(context, input, output),
            (TensorType.Float64, _) => FromFloat<double>(context, input, output),
            (TensorType.Float16, _) => FromFloat<Half>(context, input, output),
            (TensorType.Int8, _) => To<sbyte>(context, input, output),
            (TensorType.UInt8 or TensorType.Bool, _) => To<byte>(context, input, output),
            (TensorType.Int16, _) => To<short>(context, input, output),
            (TensorType.UInt16, _) => To<ushort>(context, input, output),
            (TensorType.Int32, _) => To<int>(context, input, output),
            (TensorType.UInt32, _) => To<uint>(context, input, output),
            (TensorType.Int64, _) => To<long>(context, input, output),
            (TensorType.UInt64, _) => To<ulong>(context, input, output),
            (TensorType.Int4 or TensorType.Int2, TensorType.Float32) => new PackedStep(input, output),
            _ => throw Unknown(context, input, output),
        };
    }

    /// <summary>First to floats, then on from there.</summary>
    private static CompositeStep ThroughFloats(PrepareContext context, Func<TensorSlot, Step> widen)
    {
        TensorSlot output = context.Output(0), floats = context.Scratch("floats", TensorType.Float32, output.Shape);
        return new CompositeStep($"cast {context.Input(0).Type} to {output.Type}", widen(floats), Prepare(context, floats, output));
    }

    /// <summary>To floats, and from there on by the last step.</summary>
    private static CompositeStep FromFloats(PrepareContext context, Func<TensorSlot, Step> last)
    {
        TensorSlot input = context.Input(0), floats = context.Scratch("floats", TensorType.Float32, input.Shape);
        return new CompositeStep($"cast {input.Type} to {context.Output(0).Type}", Prepare(context, input, floats), last(floats));
    }

    private static Step FromFloat<TFrom>(PrepareContext context, TensorSlot input, TensorSlot output)
        where TFrom : unmanaged, INumberBase<TFrom> => output.Type switch
        {
            TensorType.Int8 => Map<TFrom, sbyte>(input, output, x => (sbyte)FloatConversion.ToInt32(double.CreateTruncating(x))),
            TensorType.UInt8 => Map<TFrom, byte>(input, output, x => (byte)FloatConversion.ToInt32(double.CreateTruncating(x))),
            TensorType.Int16 => Map<TFrom, short>(input, output, x => (short)FloatConversion.ToInt32(double.CreateTruncating(x))),
            TensorType.UInt16 => Map<TFrom, ushort>(input, output, x => (ushort)FloatConversion.ToInt32(double.CreateTruncating(x))),
            TensorType.Int32 => Map<TFrom, int>(input, output, x => FloatConversion.ToInt32(double.CreateTruncating(x))),
            TensorType.UInt32 => Map<TFrom, uint>(input, output, x => (uint)FloatConversion.ToInt64(double.CreateTruncating(x))),
            TensorType.Int64 => Map<TFrom, long>(input, output, x => FloatConversion.ToInt64(double.CreateTruncating(x))),
            TensorType.UInt64 => Map<TFrom, ulong>(input, output, x => FloatConversion.ToUInt64(double.CreateTruncating(x))),
            _ => To<TFrom>(context, input, output),
        };

    private static Step To<TFrom>(PrepareContext context, TensorSlot input, TensorSlot output)
        where TFrom : unmanaged, INumberBase<TFrom> => output.Type switch
        {
            TensorType.Float32 => Map<TFrom, float>(input, output, float.CreateTruncating),
            TensorType.Float64 => Map<TFrom, double>(input, output, double.CreateTruncating),
            TensorType.Float16 => Map<TFrom, Half>(input, output, Half.CreateTruncating),
            TensorType.Int8 => Map<TFrom, sbyte>(input, output, sbyte.CreateTruncating),
            TensorType.UInt8 => Map<TFrom, byte>(input, output, byte.CreateTruncating),
            TensorType.Int16 => Map<TFrom, short>(input, output, short.CreateTruncating),
            TensorType.UInt16 => Map<TFrom, ushort>(input, output, ushort.CreateTruncating),
            TensorType.Int32 => Map<TFrom, int>(input, output, int.CreateTruncating),
            TensorType.UInt32 => Map<TFrom, uint>(input, output, uint.CreateTruncating),
            TensorType.Int64 => Map<TFrom, long>(input, output, long.CreateTruncating),
            TensorType.UInt64 => Map<TFrom, ulong>(input, output, ulong.CreateTruncating),
            TensorType.Bool => Map<TFrom, bool>(input, output, x => !TFrom.IsZero(x)),
            _ => throw Unknown(context, input, output),
        };

    private static MapStep<TFrom, TTo> Map<TFrom, TTo>(TensorSlot input, TensorSlot output, Func<TFrom, TTo> function)
        where TFrom : unmanaged
        where TTo : unmanaged => new(input, output, $"cast {input.Type} to {output.Type}", function);

    private static Exception Unknown(PrepareContext context, TensorSlot input, TensorSlot output) =>
        context.Fail($"casts {input.Type} to {output.Type}, for which there is no kernel");

    /// <summary>A real and an imaginary part.</summary>
    private readonly record struct Complex64(float Real, float Imaginary);

    /// <summary>Integers of less than a byte.</summary>
    private sealed class PackedStep(TensorSlot input, TensorSlot output) : Step
    {
        public override string Kernel => $"cast {input.Type} to {output.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<byte> packed = context.Read<byte>(input);
            Span<float> values = context.Write<float>(output);
            for (int i = 0; i < values.Length; i++)
                values[i] = PackedCodes.At(packed, i, input.Type.Bits());
        }
    }
}
