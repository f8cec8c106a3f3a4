namespace Quantize.Runtime.Ops;

/// <summary>Stops a loop that does not end.</summary>
internal sealed record LoopLimit(string OperatorName, int Most)
{
    public void Check(int iterations)
    {
        if (iterations >= Most)
            throw new InvalidOperationException($"the loop {OperatorName} ran {Most} times and would go on; CompileOptions.LoopLimit allows more");
    }
}
