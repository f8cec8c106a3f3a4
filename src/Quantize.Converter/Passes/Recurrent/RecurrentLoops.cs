using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>
/// Loops that run an LSTM or a plain recurrent cell over a sequence, from states of zeros, become the builtin that does it. The batch must be known: the builtin's state is a tensor
/// of the file. A loop whose cell is anything else, that gives its cell state away, or that runs within another graph stays a loop.
/// </summary>
internal static class RecurrentLoops
{
    private static readonly Func<StepLoop, RecurrentCell?>[] s_cells = [LstmCell.Find, SimpleCell.Find];

    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.IsCalled ? [] : graph.Nodes.ToArray())
        {
            if (StepLoop.Of(node) is { } loop && s_cells.Select(find => find(loop)).FirstOrDefault(cell => cell is not null) is { } found)
                changed |= new LoopReplacement(graph, loop, found).Run();
        }

        return changed;
    }

    /// <summary>State that is zeros whenever the model is called.</summary>
    public static Value State(string name, int[] shape) => new(name, TensorType.Float32, Shape.Of(shape.AsSpan())) { IsVariable = true, BeginsAnew = true };
}
