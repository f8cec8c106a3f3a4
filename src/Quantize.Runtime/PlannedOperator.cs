namespace Quantize.Runtime;

/// <summary>One step of a plan: which operator, and what computes it.</summary>
/// <param name="Name">Name of the operator's first output tensor.</param>
/// <param name="Operator">The operator, as in the schema (<c>Conv2D</c>).</param>
/// <param name="Kernel">The kernel row and arithmetic, for instance <c>avx2 conv hybrid precise</c>.</param>
/// <param name="OutputShape">Shape of the first output.</param>
public sealed record PlannedOperator(string Name, string Operator, string Kernel, IReadOnlyList<int> OutputShape)
{
    /// <summary>0 for a step of the signature's own subgraph; one more inside each loop, branch or call, whose steps follow it.</summary>
    public int Depth { get; init; }

    /// <summary>Products that one run adds up; 0 for operators that are neither a convolution nor a matrix product.</summary>
    public long MultiplyAdds { get; init; }

    /// <summary>For instance <c>Conv2D 'conv1/Relu' [1,28,28,32] avx2 conv hybrid precise</c>.</summary>
    public override string ToString() => $"{Operator} '{Name}' {ShapeText.Of(OutputShape)} {Kernel}";
}

/// <summary>A step of a plan and how long it took in one run.</summary>
/// <param name="Step">The step.</param>
/// <param name="Time">Wall time of the step in that run.</param>
public sealed record OperatorProfile(PlannedOperator Step, TimeSpan Time)
{
    /// <summary>The step with its milliseconds before it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Time.TotalMilliseconds:F3} ms {Step}");
}
