using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>The steps and the memory map of one subgraph for one set of input shapes: immutable, shared by sessions.</summary>
internal sealed record Plan(int[][] InputShapes, TensorSlot[] Inputs, TensorSlot[] Outputs, TensorSlot?[] Slots, Step[] Steps, PlannedOperator[] Operators, int ArenaBytes)
{
    public bool Fits(int[][] inputShapes)
    {
        for (int i = 0; i < inputShapes.Length; i++)
        {
            if (!InputShapes[i].AsSpan().SequenceEqual(inputShapes[i]))
                return false;
        }

        return true;
    }

    public IReadOnlyList<PlannedOperator> Describe() => Operators;
}
