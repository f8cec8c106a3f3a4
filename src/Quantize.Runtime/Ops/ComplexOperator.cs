using System.Numerics;
using System.Runtime.CompilerServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>REAL, IMAG and COMPLEX_ABS: complex numbers to real ones of the same width.</summary>
internal static class ComplexOperator
{
    public static OperatorDefinition Real { get; } = new(BuiltinOperator.Real, Infer, context => Prepare<RealPart>(context, "real part"));

    public static OperatorDefinition Imag { get; } = new(BuiltinOperator.Imag, Infer, context => Prepare<ImaginaryPart>(context, "imaginary part"));

    public static OperatorDefinition Abs { get; } = new(BuiltinOperator.ComplexAbs, Infer, context => Prepare<Magnitude>(context, "magnitude"));

    private interface IPart
    {
        static abstract double Of(double real, double imaginary);
    }

    private static void Infer(ShapeContext context) => context.Output(0, context.Type(0) == TensorType.Complex128 ? TensorType.Float64 : TensorType.Float32, context.Shape(0));

    private static Step Prepare<TPart>(PrepareContext context, string name)
        where TPart : struct, IPart
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        output.IsNonNegative = typeof(TPart) == typeof(Magnitude);
        return input.Type switch
        {
            TensorType.Complex64 => new PartStep<TPart, float>(input, output, name),
            TensorType.Complex128 => new PartStep<TPart, double>(input, output, name),
            _ => throw context.Fail($"has {input} as input, for which there is no kernel"),
        };
    }

    private readonly struct RealPart : IPart
    {
        public static double Of(double real, double imaginary) => real;
    }

    private readonly struct ImaginaryPart : IPart
    {
        public static double Of(double real, double imaginary) => imaginary;
    }

    private readonly struct Magnitude : IPart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double real, double imaginary) => double.Hypot(real, imaginary);
    }

    private sealed class PartStep<TPart, T>(TensorSlot input, TensorSlot output, string name) : Step
        where TPart : struct, IPart
        where T : unmanaged, IFloatingPoint<T>
    {
        public override string Kernel => $"{name} {input.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<T> source = context.Read<T>(input);
            Span<T> target = context.Write<T>(output);
            for (int i = 0; i < target.Length; i++)
                target[i] = T.CreateTruncating(TPart.Of(double.CreateTruncating(source[2 * i]), double.CreateTruncating(source[2 * i + 1])));
        }
    }
}
