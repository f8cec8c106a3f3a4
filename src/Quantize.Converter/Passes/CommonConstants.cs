using Quantize.Converter.Graphs;
using Quantize.Runtime;

namespace Quantize.Converter.Passes;

/// <summary>Constants of one type and shape with the same bytes become one.</summary>
internal static class CommonConstants
{
    public static bool Run(Graph graph)
    {
        var firsts = new Dictionary<(TensorType Type, string Shape, int Hash), List<Value>>();
        bool changed = false;
        foreach (Value constant in graph.Constants().Where(constant => constant.Quantization is null).Except(graph.Outputs).ToArray())
        {
            var hash = new HashCode();
            hash.AddBytes(constant.Data.Span);
            var key = (constant.Type, constant.Shape.ToString(), hash.ToHashCode());
            if (!firsts.TryGetValue(key, out List<Value>? equals))
                firsts[key] = equals = [];
            Value? first = equals.Find(other => other.Data.Span.SequenceEqual(constant.Data.Span));
            if (first is null)
            {
                equals.Add(constant);
                continue;
            }

            graph.ReplaceUses(constant, first);
            changed = true;
        }

        return changed;
    }
}
