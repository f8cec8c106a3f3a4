using Quantize.Runtime.Ops;

namespace Quantize.Runtime;

/// <summary>One operator of the runtime, to be named in <see cref="CompileOptions.Operators"/>; <see cref="OperatorKernels"/> lists them.</summary>
public readonly struct OperatorKernel
{
    internal OperatorKernel(OperatorDefinition definition) => Definition = definition;

    internal OperatorDefinition Definition { get; }
}
