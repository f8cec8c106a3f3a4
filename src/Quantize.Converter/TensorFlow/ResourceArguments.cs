namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A loop or branch takes the variables it reads as arguments. Here each body gets the variable's handle itself, and the argument goes (for a loop, together with
/// the result that merely hands it on), so that what remains of the arguments are tensors.
/// </summary>
internal sealed class ResourceArguments
{
    private readonly Dictionary<string, TfFunction> _functions;
    private readonly Dictionary<TfEdge, TfEdge> _moved = [];

    private ResourceArguments(Dictionary<string, TfFunction> functions) => _functions = functions;

    /// <summary>Tells where an edge of the main graph has gone.</summary>
    public static Func<TfEdge, TfEdge> Lift(TfGraph graph)
    {
        var lifting = new ResourceArguments(graph.Functions);
        lifting.LiftWithin(graph);
        return lifting.Moved;
    }

    private void LiftWithin(TfGraph graph)
    {
        foreach (TfNode node in graph.Nodes.Where(FunctionalOps.HasBodies).ToArray())
        {
            Lift(graph, node);
            foreach (string name in FunctionalOps.References(node).Select(reference => reference.Name))
            {
                LiftWithin(_functions[name].Body);
                _functions[name] = _functions[name] with { Results = [.. _functions[name].Results.Select(Moved)] };
            }
        }
    }

    private TfEdge Moved(TfEdge edge) => _moved.GetValueOrDefault(edge, edge);

    private void Lift(TfGraph graph, TfNode node)
    {
        int first = FunctionalOps.FirstArgument(node);
        string[] bodies = [.. FunctionalOps.References(node).Select(reference => reference.Name)];
        if (bodies.Length == 0)
            return;
        int[] lifted = [.. Enumerable.Range(0, node.Inputs.Count - first).Where(argument => CanLift(node, bodies, argument, first))];
        if (lifted.Length == 0)
            return;

        TfEdge[] handles = [.. lifted.Select(argument => Variables.Source(node.Inputs[argument + first]))];
        foreach (string body in bodies)
            _functions[body] = Lift(_functions[body], lifted, handles, FunctionalOps.IsWhile(node) && _functions[body].Results.Count == node.Inputs.Count);
        if (FunctionalOps.IsWhile(node))
            MoveOutputs(graph, node, lifted, handles);
        foreach (int argument in lifted.Reverse())
            node.Inputs.RemoveAt(argument + first);
        foreach (string attribute in (string[])["T", "Tin", "output_shapes"])
            ShortenAttribute(node, attribute, lifted);
    }

    private bool CanLift(TfNode node, string[] bodies, int argument, int first)
    {
        if (Variables.Source(node.Inputs[argument + first]).Node is not { Op: "VarHandleOp" })
            return false;
        if (bodies.Any(body => argument >= _functions[body].Arguments.Count))
            return false;
        return !FunctionalOps.IsWhile(node) || bodies.Select(body => _functions[body]).All(body => HandsOn(body, argument, node.Inputs.Count));
    }

    /// <summary>True of a loop's condition, and of a body that gives the argument back as it got it.</summary>
    private static bool HandsOn(TfFunction body, int argument, int arguments) =>
        body.Results.Count != arguments || Variables.Source(body.Results[argument]).Node == body.Arguments[argument];

    private static TfFunction Lift(TfFunction function, int[] lifted, TfEdge[] handles, bool isLoopBody)
    {
        var inside = new Dictionary<TfNode, TfNode>();
        for (int i = 0; i < lifted.Length; i++)
        {
            TfNode handle = handles[i].Node.Copy(Variables.Name(handles[i].Node));
            handle.Attributes["shared_name"] = Variables.Name(handles[i].Node);
            inside[function.Arguments[lifted[i]]] = handle;
        }

        foreach (TfNode node in function.Body.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                node.Inputs[i] = node.Inputs[i] with { Node = inside.GetValueOrDefault(node.Inputs[i].Node, node.Inputs[i].Node) };
        }

        function.Body.Nodes.RemoveAll(inside.ContainsKey);
        function.Body.Nodes.InsertRange(0, inside.Values);
        TfNode[] arguments = [.. function.Arguments.Where(argument => !inside.ContainsKey(argument))];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i].Attributes["index"] = (long)i;
        UniqueNames.Run(function.Body, arguments);
        return function with
        {
            Arguments = arguments,
            Results = [.. function.Results.Where((_, index) => !isLoopBody || !lifted.Contains(index))],
        };
    }

    private void MoveOutputs(TfGraph graph, TfNode loop, int[] lifted, TfEdge[] handles)
    {
        int next = 0;
        for (int output = 0; output < loop.Inputs.Count; output++)
        {
            int place = Array.IndexOf(lifted, output);
            _moved[new TfEdge(loop, output)] = place >= 0 ? handles[place] : new TfEdge(loop, next++);
        }

        foreach (TfNode node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i].Node == loop)
                    node.Inputs[i] = Moved(node.Inputs[i]);
            }
        }
    }

    private static void ShortenAttribute(TfNode node, string name, int[] lifted)
    {
        if (node.Attributes.GetValueOrDefault(name) is TfDataType[] types)
            node.Attributes[name] = types.Where((_, index) => !lifted.Contains(index)).ToArray();
        if (FunctionalOps.IsWhile(node) && node.Attributes.GetValueOrDefault(name) is TfShape[] shapes)
            node.Attributes[name] = shapes.Where((_, index) => !lifted.Contains(index)).ToArray();
    }
}
