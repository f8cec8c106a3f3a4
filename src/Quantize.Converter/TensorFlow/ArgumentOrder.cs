namespace Quantize.Converter.TensorFlow;

/// <summary>
/// A TF2 signature is a wrapper, with arguments sorted by name, around the Python function that was exported. The call within the wrapper has the function's own
/// order of arguments and results; where every key can be followed to it, that order is the signature's.
/// </summary>
internal static class ArgumentOrder
{
    public static TfSignature Apply(TfSignature signature, FunctionLibrary library)
    {
        TfNode call = signature.Outputs[0].Edge.Node;
        if (!FunctionalOps.IsCall(call) || !call.TryAttribute("f", out TfFunctionReference? function))
            return signature;
        if (!function.Name.Contains("signature_wrapper", StringComparison.Ordinal) || !library.TryTemplate(function.Name, out FunctionTemplate? wrapper))
            return signature;
        return signature with
        {
            Inputs = Ordered(signature.Inputs, InputPlaces(signature.Inputs, call, wrapper)),
            Outputs = Ordered(signature.Outputs, OutputPlaces(signature.Outputs, call, wrapper)),
        };
    }

    private static IReadOnlyList<TfSignatureTensor> Ordered(IReadOnlyList<TfSignatureTensor> tensors, int[] places) =>
        Array.TrueForAll(places, place => place >= 0) ? [.. tensors.Zip(places).OrderBy(pair => pair.Second).Select(pair => pair.First)] : tensors;

    private static int[] InputPlaces(IReadOnlyList<TfSignatureTensor> inputs, TfNode call, FunctionTemplate wrapper)
    {
        if (InnerCall(wrapper) is not { } inner)
            return [.. inputs.Select(_ => -1)];
        int[] arguments = [.. inner.Inputs.Select(source => Source(wrapper, source)).Select(source => source.IsArgument ? source.Argument : -1)];
        return [.. inputs.Select(input => call.Inputs.IndexOf(input.Edge)).Select(argument => argument < 0 ? -1 : Array.IndexOf(arguments, argument))];
    }

    private static int[] OutputPlaces(IReadOnlyList<TfSignatureTensor> outputs, TfNode call, FunctionTemplate wrapper)
    {
        TemplateNode? inner = InnerCall(wrapper);
        return [.. outputs.Select(output => Place(output.Edge))];

        int Place(TfEdge edge)
        {
            if (edge.Node != call || edge.Output >= wrapper.Results.Count)
                return -1;
            TemplateSource source = Source(wrapper, wrapper.Results[edge.Output]);
            return !source.IsArgument && wrapper.Nodes[source.Node] == inner ? source.Output : -1;
        }
    }

    private static TemplateNode? InnerCall(FunctionTemplate wrapper)
    {
        TemplateNode[] calls = [.. wrapper.Nodes.Where(node => node.Op is "PartitionedCall" or "StatefulPartitionedCall")];
        return calls.Length == 1 ? calls[0] : null;
    }

    private static TemplateSource Source(FunctionTemplate function, TemplateSource source)
    {
        for (int step = 0; step < function.Nodes.Count && !source.IsArgument && function.Nodes[source.Node] is { Op: "Identity", Inputs.Count: > 0 } node; step++)
            source = node.Inputs[0];
        return source;
    }
}
