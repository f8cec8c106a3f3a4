namespace Quantize.Runtime.Planning;

/// <summary>What the parts of one plan share: numbers for the frame's buffers, and how much may still be planned.</summary>
internal sealed class PlanNumbers(int firstBuffer)
{
    private const int MostOperators = 250_000;
    public const int DeepestNesting = 64;

    private int _operators;

    public int Buffers { get; private set; } = firstBuffer;

    public int NewBuffer() => Buffers++;

    /// <summary>Small files can call their subgraphs so often that no plan would hold it.</summary>
    public void Count(int depth)
    {
        if (++_operators > MostOperators)
            throw new ModelFormatException($"the subgraphs call each other so often that a plan would have more than {MostOperators} steps");
        if (depth > DeepestNesting)
            throw new ModelFormatException($"the subgraphs call each other more than {DeepestNesting} levels deep");
    }
}
