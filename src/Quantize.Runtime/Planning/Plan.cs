using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>
/// The steps and the memory map of one subgraph for one set of input shapes, up to its end or to where shapes depend on values: immutable, shared by sessions.
/// </summary>
internal sealed record Plan(Subgraph Subgraph, int[] OutputTensors, TensorSlot?[] Slots, Step[] Steps)
{
    /// <summary>What each step is.</summary>
    public required PlannedOperator[] StepOperators { get; init; }

    /// <summary>All steps up to here, with those of the plans before and of the subgraphs inside.</summary>
    public required IReadOnlyList<PlannedOperator> Operators { get; init; }

    /// <summary>In the order of the caller.</summary>
    public required TensorSlot[] Inputs { get; init; }

    /// <summary>In the order of the caller; null where only what follows computes them.</summary>
    public required TensorSlot?[] Outputs { get; init; }

    /// <summary>Position of the arena among the frame's buffers.</summary>
    public required int ArenaBuffer { get; init; }

    public required int ArenaBytes { get; init; }

    /// <summary>Bytes alive at the fullest step: no arena could be smaller.</summary>
    public required long LeastArenaBytes { get; init; }

    /// <summary>Frame buffers in use, the plan's own and those before it.</summary>
    public required int Buffers { get; init; }

    /// <summary>Where the rest is planned in the run; null where there is no rest.</summary>
    public Cut? Cut { get; init; }

    /// <summary>What a plan that follows another was made for: the shapes and bytes of its <see cref="Cut"/>.</summary>
    public int[][] GivenShapes { get; init; } = [];

    public byte[][] GivenValues { get; init; } = [];

    public bool Fits(int[][] inputShapes)
    {
        for (int i = 0; i < inputShapes.Length; i++)
        {
            if (!Inputs[i].Shape.AsSpan().SequenceEqual(inputShapes[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether it was made for what the run has computed.</summary>
    public bool Follows(Cut cut, Frame frame, in RunContext context)
    {
        for (int i = 0; i < GivenShapes.Length; i++)
        {
            if (!frame.Buffer(cut.Sized[i].Buffer).Shape.SequenceEqual(GivenShapes[i]))
                return false;
        }

        for (int i = 0; i < GivenValues.Length; i++)
        {
            if (!context.Read<byte>(cut.Values[i]).SequenceEqual(GivenValues[i]))
                return false;
        }

        return true;
    }
}
