using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>Runs a case as the corpus' README says and compares.</summary>
internal static class TypedRun
{
    /// <summary>Files that Google's kernels refuse though what they mean is clear; tests of their operators hold the results.</summary>
    private static readonly Dictionary<string, string> s_wellDefined = new()
    {
        ["qat/v1_conv_v1_int8"] = "int8 weights with a zero point",
        ["hand_misc/fake_quant4_narrow_hand"] = "FAKE_QUANT whose lowest code is 1",
        ["segment/sum_gap"] = "segments without elements are 0",
    };

    public static TypedOutcome Of(TypedCase test, string? isa = null)
    {
        try
        {
            TypedOutcome outcome = Run(test, new CompileOptions { Isa = isa });
            if (!test.IsRefused)
                return outcome;
            return s_wellDefined.ContainsKey(test.Path) ? new TypedOutcome(Agreement.Refused, "") : new TypedOutcome(Agreement.None, "ran, though Google's kernels refuse it");
        }
        catch (Exception exception) when (exception is ModelFormatException or DivideByZeroException)
        {
            return test.IsRefused ? new TypedOutcome(Agreement.Refused, "") : new TypedOutcome(Agreement.None, exception.Message.Replace(test.ModelPath, ""));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new TypedOutcome(Agreement.None, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private static TypedOutcome Run(TypedCase test, CompileOptions options)
    {
        Safetensors? tensors = File.Exists(test.TensorsPath) ? Safetensors.Read(test.TensorsPath) : null;
        using CompiledModel model = CompiledModel.Load(test.ModelPath, options);
        var sessions = new Dictionary<string, Session>();
        var agreement = Agreement.Optimized;
        for (int step = 0; step < test.Invokes; step++)
        {
            string? signature = test.Signature(step);
            if (!sessions.TryGetValue(signature ?? "", out Session? session))
                sessions[signature ?? ""] = session = sessions.Count == 0 ? model.CreateSession(signature) : sessions.Values.First().CreateSession(signature!);
            Feed(test, session, tensors, test.IsSequence ? $"in.{step}." : "in.");
            session.Run();
            if (test.IsRefused)
                continue;
            TypedOutcome outcome = TypedComparison.Of(test, model, session, tensors!, test.IsSequence ? $"{step}." : "");
            if (!outcome.Passes)
                return outcome with { Reason = test.IsSequence ? $"run {step}: {outcome.Reason}" : outcome.Reason };
            agreement = (Agreement)Math.Min((int)agreement, (int)outcome.Agreement);
        }

        return new TypedOutcome(agreement, "");
    }

    private static void Feed(TypedCase test, Session session, Safetensors? tensors, string prefix)
    {
        if (tensors is null)
            return;
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
        {
            string name = prefix + session.Signature.Inputs[i].Key;
            int[] shape = tensors.Shape(name);
            if (session.Signature.Inputs[i].Type is TensorType.Complex64 or TensorType.Complex128)
                shape = shape[..^1];
            if (!session.InputShape(i).SequenceEqual(shape))
                session.Resize(i, shape);
        }

        for (int i = 0; i < session.Signature.Inputs.Count; i++)
            tensors.Bytes(prefix + session.Signature.Inputs[i].Key).CopyTo(session.InputBytes(i));
    }
}
