using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes;

/// <summary>A convolution without a bias gets one of zeros, as Google's converter writes it.</summary>
internal static class MissingBiases
{
    public static bool Run(Graph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes)
        {
            if (node.Code is not (BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D) || node.Input(2) is not null)
                continue;
            int channels = ChannelConstant.OutputChannels(node);
            Value zeros = ConstantData.Of($"{node.Name}/bias", [channels], new float[channels]);
            if (node.Inputs.Count == 2)
                node.AddInput(zeros);
            else
                node.SetInput(2, zeros);
            changed = true;
        }

        return changed;
    }
}
