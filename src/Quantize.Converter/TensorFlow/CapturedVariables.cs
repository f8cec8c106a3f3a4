using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>Which object a variable of the main graph belongs to: a function's captures are the last inputs of its calls, in the order its objects are listed.</summary>
internal static class CapturedVariables
{
    /// <summary>Object numbers by the identity of the variable.</summary>
    public static Dictionary<string, int> Find(TfGraph graph, SavedObjectGraph? objects)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (TfNode call in graph.Nodes.Where(FunctionalOps.IsCall))
        {
            if (objects is null
                || !call.TryAttribute("f", out TfFunctionReference? function)
                || !objects.ConcreteFunctions.TryGetValue(function.Name, out SavedConcreteFunction? concrete))
            {
                continue;
            }

            int first = call.Inputs.Count - concrete.BoundInputs.Count;
            for (int i = 0; i < concrete.BoundInputs.Count && first >= 0; i++)
            {
                if (Variables.Behind(call.Inputs[first + i]) is { } variable)
                    found.TryAdd(Variables.Identity(variable), concrete.BoundInputs[i]);
            }
        }

        return found;
    }
}
