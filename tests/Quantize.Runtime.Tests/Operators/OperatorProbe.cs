using Quantize.Runtime.Format;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Whether an operator runs in a form: by running it.</summary>
internal static class OperatorProbe
{
    /// <summary>Whether the form says something about the operator that no other column says.</summary>
    public static bool IsMeant(BuiltinOperator code, ProbeForm form)
    {
        ProbeGraph probe = Build(code, form);
        return (probe.HasData || probe.HasWeights) && (probe.HasWeights || !form.IsAboutWeights);
    }

    public static bool Runs(BuiltinOperator code, ProbeForm form, out string refusal, bool weightsAreInputs = false)
    {
        refusal = "";
        try
        {
            Run(Build(code, form, weightsAreInputs));
            return true;
        }
        catch (ModelFormatException exception)
        {
            refusal = exception.Message;
            return false;
        }
    }

    /// <summary>The type of the first input of an operator that has no tensor of the form's type.</summary>
    public static TensorType FixedType(BuiltinOperator code)
    {
        SubgraphBuilder main = Build(code, ProbeForm.All[0]).Main;
        return main.Tensors[main.Inputs[0]].Type;
    }

    private static ProbeGraph Build(BuiltinOperator code, ProbeForm form, bool weightsAreInputs = false)
    {
        var probe = new ProbeGraph(form, weightsAreInputs);
        OperatorProbes.All[code](probe);
        return probe;
    }

    private static void Run(ProbeGraph probe)
    {
        using CompiledModel model = CompiledModel.Load(ModelWriter.Write(probe.Subgraphs));
        using Session session = model.CreateSession();
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
        {
            int count = 1;
            foreach (int dimension in session.InputShape(i))
                count *= dimension;
            if (session.Signature.Inputs[i].Type == TensorType.String)
                session.SetStrings(i, [.. Enumerable.Repeat("1", count)]);
            else
                ProbeGraph.Ones(session.Signature.Inputs[i].Type, count).CopyTo(session.InputBytes(i));
        }

        session.Run();
    }
}
