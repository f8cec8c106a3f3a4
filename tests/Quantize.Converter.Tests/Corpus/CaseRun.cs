using System.Runtime.InteropServices;
using System.Text;
using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>Runs a converted case and compares what it gives with what TensorFlow gave. An empty text means: as wanted.</summary>
internal static class CaseRun
{
    /// <summary>The float conversion: every element within the case's own tolerance, integers exactly.</summary>
    public static string Float(TensorFlowCase test)
    {
        ConversionResult result = ModelConverter.Convert(test.Request(QuantizationScheme.None));
        return Runs(test, result, (run, session, tensors) => Elements(test, run, session, tensors));
    }

    /// <summary>
    /// The quantized conversion, by relative rms error to TensorFlow: a whole network at most 1.1 times Google's, or 1 %; a single operator at most 1.5 times
    /// Google's, or 2 %; 5 % where Google's is not recorded. Where no weight is quantized, the float rule holds.
    /// </summary>
    public static string Quantized(TensorFlowCase test)
    {
        ConversionResult result = ModelConverter.Convert(test.Request(QuantizationScheme.DynamicRange));
        bool quantized = result.Report!.Weights.Any(weight => weight.StayedFloatBecause is null);
        return Runs(test, result, (run, session, tensors) => quantized ? Errors(test, run, session, tensors) : Elements(test, run, session, tensors));
    }

    private static string Runs(TensorFlowCase test, ConversionResult result, Func<string, Session, Safetensors, string> compare)
    {
        Safetensors tensors = Safetensors.Read(test.Tensors);
        using CompiledModel model = CompiledModel.Load(result.Model);
        using Session session = model.CreateSession();
        var difference = new StringBuilder();
        foreach (string run in (string[])["", "2"])
        {
            if (run.Length > 0 && !tensors.Names.Any(name => name.StartsWith($"in{run}.", StringComparison.Ordinal)))
                continue;
            for (int i = 0; i < session.Signature.Inputs.Count; i++)
                session.Resize(i, tensors.Shape($"in{run}.{session.Signature.Inputs[i].Key}"));
            for (int i = 0; i < session.Signature.Inputs.Count; i++)
                tensors.Bytes($"in{run}.{session.Signature.Inputs[i].Key}").CopyTo(TensorBytes.Input(session, i));
            session.Run();
            difference.Append(compare(run, session, tensors));
        }

        return difference.ToString();
    }

    private static string Elements(TensorFlowCase test, string run, Session session, Safetensors tensors)
    {
        var difference = new StringBuilder();
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
        {
            string name = $"out{run}.{session.Signature.Outputs[i].Key}";
            if (!session.OutputShape(i).SequenceEqual(tensors.Shape(name)))
                difference.Append($"{name} has the shape [{string.Join(',', session.OutputShape(i).ToArray())}], not [{string.Join(',', tensors.Shape(name))}] ");
            else if (tensors.Type(name) == "F32")
                difference.Append(FirstDifference(test, name, session.Output<float>(i), tensors.Get<float>(name)));
            else if (!TensorBytes.Output(session, i).SequenceEqual(tensors.Bytes(name)))
                difference.Append($"{name} ({tensors.Type(name)}) differs ");
        }

        return difference.ToString();
    }

    private static string FirstDifference(TensorFlowCase test, string name, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        for (int i = 0; i < theirs.Length; i++)
        {
            bool same = ours[i].Equals(theirs[i]) || Math.Abs((double)ours[i] - theirs[i]) <= test.AbsoluteTolerance + test.RelativeTolerance * Math.Abs((double)theirs[i]);
            if (!same)
                return $"{name}[{i}] is {ours[i]:R}, not {theirs[i]:R} ";
        }

        return "";
    }

    private static string Errors(TensorFlowCase test, string run, Session session, Safetensors tensors)
    {
        bool isNetwork = test.Family is "net" or "keras_rnn" or "variables" or "tf2_module" or "clutter";
        double ours = 0, googles = 0;
        bool recorded = false; // Google's interpreter ran the first inputs only
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
        {
            string key = session.Signature.Outputs[i].Key;
            if (tensors.Type($"out{run}.{key}") != "F32")
                continue;
            ReadOnlySpan<float> expected = tensors.Get<float>($"out{run}.{key}");
            if (!session.OutputShape(i).SequenceEqual(tensors.Shape($"out{run}.{key}")))
                return $"out{run}.{key} has the shape [{string.Join(',', session.OutputShape(i).ToArray())}]";
            ours = Math.Max(ours, RelativeError(session.Output<float>(i), expected));
            if (run.Length > 0 || !tensors.Has($"tflite_dynamic.{key}"))
                continue;
            recorded = true;
            googles = Math.Max(googles, RelativeError(tensors.Get<float>($"tflite_dynamic.{key}"), tensors.Get<float>($"out.{key}")));
        }

        double bound = !recorded ? 0.05 : isNetwork ? Math.Max(1.1 * googles, 0.01) : Math.Max(1.5 * googles, 0.02);
        return ours <= bound ? "" : $"run{run}: the relative error is {ours:P2}, Google's {googles:P2}, the bound {bound:P2} ";
    }

    private static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double difference = 0, magnitude = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (float.IsFinite(expected[i]))
            {
                difference += Math.Pow((double)actual[i] - expected[i], 2);
                magnitude += Math.Pow(expected[i], 2);
            }
        }

        return difference == 0 ? 0 : magnitude == 0 ? double.PositiveInfinity : Math.Sqrt(difference / magnitude);
    }
}
