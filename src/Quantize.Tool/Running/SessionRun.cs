using Quantize.Build;
using Quantize.Runtime;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Running;

/// <summary>Runs the calls of a file on one session and collects the results.</summary>
internal sealed class SessionRun(Session session, string inputPath, bool allTensors)
{
    private readonly SignatureInfo _signature = session.Signature;

    /// <exception cref="DiagnosticException">Tensors do not fit the signature; nothing was run.</exception>
    public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs)
    {
        IReadOnlyList<SessionCall> calls = SessionCall.Of(inputs, _signature);
        InputBinding[] bindings = [.. calls.Select(call => new InputBinding(call, _signature))];
        Check(bindings);
        List<NamedTensor> results = [];
        foreach ((SessionCall call, InputBinding binding) in calls.Zip(bindings))
        {
            binding.Fill(session);
            session.Run();
            results.AddRange(Results().Select(result => result with { Name = call.Prefix + result.Name }));
        }

        return results;
    }

    private void Check(InputBinding[] bindings)
    {
        ModelDiagnostic[] problems = [.. bindings.SelectMany(binding => binding.Problems).Select(problem => new ModelDiagnostic(DiagnosticTable.InputDoesNotFit, inputPath, problem))];
        if (problems.Length > 0)
            throw new DiagnosticException(problems, [$"The signature '{_signature.Key}' wants:", .. _signature.Inputs.Select(input => $"  {input.Key}  {input.Type} {ShapeText.Of(input.Shape)}")]);
    }

    private IEnumerable<NamedTensor> Results()
    {
        for (int i = 0; i < _signature.Outputs.Count; i++)
        {
            TensorInfo output = _signature.Outputs[i];
            yield return new NamedTensor(output.Key, output.Type, session.OutputShape(i).ToArray(), session.OutputBytes(i).ToArray());
        }

        foreach (TensorInfo tensor in allTensors ? Intermediates() : [])
        {
            byte[] data = session.ReadTensor(tensor.Name, out IReadOnlyList<int> shape).ToArray();
            yield return new NamedTensor(tensor.Name, tensor.Type, [.. shape], data);
        }
    }

    /// <summary>The first tensor of each name; one that an output's key hides is left out.</summary>
    private IEnumerable<TensorInfo> Intermediates()
    {
        IEnumerable<string> edges = _signature.Inputs.Concat(_signature.Outputs).Select(tensor => tensor.Name).Concat(_signature.Outputs.Select(output => output.Key));
        return session.Tensors.ExceptBy(edges, tensor => tensor.Name);
    }
}
