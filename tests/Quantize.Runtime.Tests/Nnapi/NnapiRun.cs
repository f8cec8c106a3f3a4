using System.Globalization;
using System.Text.Json;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Runs the examples of a case, each as a model of its own, and compares.</summary>
internal static class NnapiRun
{
    public static NnapiOutcome Of(NnapiCase test, string? isa = null)
    {
        var all = new NnapiOutcome(true, true, "");
        try
        {
            foreach (NnapiExample example in test.Examples)
            {
                NnapiOutcome outcome = Of(test, example, isa);
                if (!outcome.Passes)
                    return outcome;
                all = Both(all, outcome);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return NnapiOutcome.Failed($"{exception.GetType().Name}: {exception.Message}");
        }

        return all;
    }

    private static NnapiOutcome Of(NnapiCase test, NnapiExample example, string? isa)
    {
        NnapiModel built = NnapiModel.Build(test, example);
        using CompiledModel model = CompiledModel.Load(ModelWriter.Write(built.Graph), new CompileOptions { Isa = isa });
        using Session session = model.CreateSession();
        for (int i = 0; i < built.Inputs.Count; i++)
        {
            if (example.Inputs.TryGetValue(built.Inputs[i], out JsonElement values))
                NnapiValues.Bytes(test.Operand(built.Inputs[i]), values).CopyTo(session.InputBytes(i));
        }

        session.Run();
        var all = new NnapiOutcome(true, true, "");
        foreach (NnapiOperand output in test.Operations.SelectMany(operation => operation.Outputs).Select(test.Operand).Where(operand => operand.Role == "output"))
        {
            double[] expected = output.Shape.Contains(0) ? [] : NnapiValues.Numbers(example.Outputs[output.Name]);
            double[] ours = NnapiValues.Numbers(output.TensorType, session.ReadTensor(built.Results[output.Name], out IReadOnlyList<int> shape));
            if (!shape.SequenceEqual(output.Shape))
                return NnapiOutcome.Failed($"{output.Name} has the shape [{string.Join(',', shape)}], not [{string.Join(',', output.Shape)}]");
            NnapiOutcome outcome = Compare(test, output, ours, expected);
            if (!outcome.Passes)
                return outcome;
            all = Both(all, outcome);
        }

        return all;
    }

    private static NnapiOutcome Both(NnapiOutcome a, NnapiOutcome b) => new(a.IsEqual && b.IsEqual, a.CodesAreEqual && b.CodesAreEqual, "");

    private static NnapiOutcome Compare(NnapiCase test, NnapiOperand output, double[] ours, double[] expected)
    {
        if (ours.Length != expected.Length)
            return NnapiOutcome.Failed($"{output.Name} has {ours.Length} elements, not {expected.Length}");
        NnapiTolerance tolerance = NnapiTolerance.Of(test, output);
        int wrong = Enumerable.Range(0, ours.Length).FirstOrDefault(i => !tolerance.Allows(ours[i], expected[i]), -1);
        bool isEqual = ours.Zip(expected).All(pair => pair.First.Equals(pair.Second) || (float)pair.First == (float)pair.Second);
        return wrong < 0
            ? new NnapiOutcome(isEqual, isEqual || output.Scales.Length == 0, "")
            : NnapiOutcome.Failed(string.Create(CultureInfo.InvariantCulture, $"{output.Name}[{wrong}] is {ours[wrong]:R}, not {expected[wrong]:R}"));
    }
}
