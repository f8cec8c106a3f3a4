using System.Runtime.CompilerServices;

namespace Quantize.Runtime.Kernels;

/// <content>Several functions over the same short rows, one behind the other.</content>
internal sealed unsafe partial class Elementwise<TIsa, TFloat>
{
    public override void Run(ElementwiseProgram program, Span<byte> memory)
    {
        // A program knows that its places are its own, and how much memory they take with all rows; a row of less than a vector goes through memory of its own.
        ArgumentOutOfRangeException.ThrowIfLessThan(memory.Length, program.MemoryLength);
        int[] offsets = program.Offsets, strides = program.Strides;
        float** at = stackalloc float*[ElementwiseProgram.MostPlaces];
        fixed (byte* first = memory)
        fixed (float* firstConstant = program.Constants)
        {
            for (int i = 0; i < offsets.Length; i++)
                at[i] = offsets[i] >= 0 ? (float*)(first + offsets[i]) : firstConstant + ~offsets[i];
            for (int row = 0; row < program.Rows; row++)
            {
                if (row > 0)
                {
                    for (int i = 0; i < strides.Length; i++)
                        at[i] = (float*)((byte*)at[i] + strides[i]);
                }

                foreach (ref readonly ElementwiseOperation operation in program.Operations.AsSpan())
                {
                    if (operation.Length >= TIsa.Lanes)
                        RunOperation(operation, at[operation.First], at[operation.Second], at[operation.Result], operation.Length);
                    else
                        RunShort(operation, at[operation.First], at[operation.Second], at[operation.Result]);
                }
            }
        }
    }

    /// <summary>Less than a vector: through memory of whole ones.</summary>
    private static void RunShort(in ElementwiseOperation operation, float* a, float* b, float* to)
    {
        int lanes = TIsa.Lanes, length = operation.Length;
        float* rest = stackalloc float[2 * lanes];
        new ReadOnlySpan<float>(a, length).CopyTo(new Span<float>(rest, lanes));
        new ReadOnlySpan<float>(b, length).CopyTo(new Span<float>(rest + lanes, lanes));
        RunOperation(operation, rest, rest + lanes, rest, lanes);
        new ReadOnlySpan<float>(rest, length).CopyTo(new Span<float>(to, length));
    }

    private static void RunOperation(in ElementwiseOperation operation, float* a, float* b, float* to, int count)
    {
        if (operation.Unary is { } unary)
            RunUnary(unary, a, to, count);
        else
            RunBinary(operation, a, b, to, count);
    }

    private static void RunUnary(UnaryFunction function, float* from, float* to, int count)
    {
        switch (function)
        {
            case UnaryFunction.Abs: MapVectors<AbsFunction>(from, to, count); break;
            case UnaryFunction.Logistic: MapVectors<LogisticFunction>(from, to, count); break;
            case UnaryFunction.Neg: MapVectors<NegFunction>(from, to, count); break;
            case UnaryFunction.Relu: MapVectors<ReluFunction>(from, to, count); break;
            case UnaryFunction.Square: MapVectors<SquareFunction>(from, to, count); break;
            case UnaryFunction.Tanh: MapVectors<TanhFunction>(from, to, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    private static void RunBinary(in ElementwiseOperation operation, float* a, float* b, float* to, int count)
    {
        switch (operation.Binary)
        {
            case BinaryFunction.Add: ZipVectors<AddFunction>(a, b, to, count, operation.Minimum, operation.Maximum); break;
            case BinaryFunction.Maximum: ZipVectors<MaximumFunction>(a, b, to, count, operation.Minimum, operation.Maximum); break;
            case BinaryFunction.Minimum: ZipVectors<MinimumFunction>(a, b, to, count, operation.Minimum, operation.Maximum); break;
            case BinaryFunction.Multiply: ZipVectors<MultiplyFunction>(a, b, to, count, operation.Minimum, operation.Maximum); break;
            case BinaryFunction.Subtract: ZipVectors<SubtractFunction>(a, b, to, count, operation.Minimum, operation.Maximum); break;
            default: throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    /// <summary>The last vector begins early enough to be whole: what both compute is the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MapVectors<TFunction>(float* from, float* to, nint count)
        where TFunction : struct, IUnary
    {
        nint lanes = TIsa.Lanes, i = 0;
        for (; i <= count - lanes; i += lanes)
            TIsa.Store(to + i, TFunction.Apply(TIsa.Load(from + i)));
        if (i < count)
            TIsa.Store(to + count - lanes, TFunction.Apply(TIsa.Load(from + count - lanes)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ZipVectors<TFunction>(float* a, float* b, float* to, nint count, float minimum, float maximum)
        where TFunction : struct, IBinary
    {
        TFloat low = TIsa.Broadcast(minimum), high = TIsa.Broadcast(maximum);
        nint lanes = TIsa.Lanes, i = 0;
        for (; i <= count - lanes; i += lanes)
            TIsa.Store(to + i, TIsa.MinNative(high, TIsa.MaxNative(low, TFunction.Apply(TIsa.Load(a + i), TIsa.Load(b + i)))));
        nint last = count - lanes;
        if (i < count)
            TIsa.Store(to + last, TIsa.MinNative(high, TIsa.MaxNative(low, TFunction.Apply(TIsa.Load(a + last), TIsa.Load(b + last)))));
    }
}
