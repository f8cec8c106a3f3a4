using Quantize.Runtime;

namespace Quantize.Converter.TfLite;

/// <summary>The outputs of a model whose shapes depend on values: no input's batch tells their length.</summary>
internal sealed class RunSizedOutputs
{
    private readonly HashSet<(string Signature, string Output)> _outputs = [];

    private RunSizedOutputs()
    {
    }

    /// <summary>Found by planning each signature; none in a model that the runtime cannot plan.</summary>
    public static RunSizedOutputs Of(byte[] model)
    {
        var found = new RunSizedOutputs();
        try
        {
            using CompiledModel compiled = CompiledModel.Load(model);
            foreach (SignatureInfo signature in compiled.Signatures)
                found.Add(compiled, signature);
        }
        catch (ModelFormatException)
        {
            return new RunSizedOutputs();
        }

        return found;
    }

    public bool Has(string signature, string output) => _outputs.Contains((signature, output));

    private void Add(CompiledModel model, SignatureInfo signature)
    {
        using Session session = model.CreateSession(signature.Key);
        for (int i = 0; i < signature.Outputs.Count; i++)
        {
            if (session.OutputShape(i).Contains(-1))
                _outputs.Add((signature.Key, signature.Outputs[i].Key));
        }
    }
}
