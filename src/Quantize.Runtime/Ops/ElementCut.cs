using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>How what is computed element by element is cut: into whole vectors of every instruction set.</summary>
internal static class ElementCut
{
    /// <summary>A cache line of floats.</summary>
    private const int Unit = 16;

    /// <param name="elements">How many there are.</param>
    /// <param name="work">Multiply-adds that one of them is worth.</param>
    /// <param name="members">Who could compute them.</param>
    public static int Parts(int elements, int work, int members) => Cutting.Parts((long)elements * work, elements / Unit, members);

    public static (int First, int Count) Share(in Part part, int elements) => part.Share(elements, Unit);
}
