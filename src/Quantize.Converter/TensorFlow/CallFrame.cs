using Quantize.Build;

namespace Quantize.Converter.TensorFlow;

/// <summary>A function that is being inlined, and who called it: recursion shows here, before it has no end.</summary>
internal sealed record CallFrame(string Function, CallFrame? Caller, int Depth)
{
    private const int DeepestNesting = 200;

    /// <exception cref="ConversionException">The function is being inlined already, or calls nest too deep.</exception>
    public static CallFrame Enter(CallFrame? outer, TfNode caller, string function, string file)
    {
        for (CallFrame? frame = outer; frame is not null; frame = frame.Caller)
        {
            if (frame.Function == function)
                throw new ConversionException(DiagnosticTable.RecursiveFunction, file, function, $"it calls itself, at node '{caller.Name}'");
        }

        int depth = (outer?.Depth ?? 0) + 1;
        return depth <= DeepestNesting
            ? new CallFrame(function, outer, depth)
            : throw new ConversionException(DiagnosticTable.RecursiveFunction, file, function, $"calls nest deeper than {DeepestNesting}");
    }
}
