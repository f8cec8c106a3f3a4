using System.Runtime.InteropServices;
using System.Text;
using Quantize.Converter.Tests.Corpus;
using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>Runs a converted case and compares what it gives with what Keras gave. An empty text means: as wanted.</summary>
internal static class KerasRun
{
    private const double Bound = 0.05;

    /// <summary>Every element within the tolerance times the largest of its tensor, integers exactly.</summary>
    public static string Float(KerasCase test)
    {
        ConversionResult result = Convert(test, QuantizationScheme.None);
        return Runs(test, result, (name, actual, tensors) => Elements(name, actual, tensors, test.Tolerance));
    }

    /// <summary>The rms error is at most 5 % of the outputs' rms; the float rule holds where no weight is quantized.</summary>
    public static string Quantized(KerasCase test)
    {
        ConversionResult result = Convert(test, QuantizationScheme.DynamicRange);
        bool isQuantized = result.Report!.Weights.Any(weight => weight.StayedFloatBecause is null);
        return Runs(test, result, (name, actual, tensors) => isQuantized ? Error(name, actual, tensors, Bound) : Elements(name, actual, tensors, test.Tolerance));
    }

    private static ConversionResult Convert(KerasCase test, QuantizationScheme scheme) =>
        ModelConverter.Convert(new ConversionRequest { ModelPath = test.ModelPath, Quantization = scheme });

    private static string Runs(KerasCase test, ConversionResult result, Func<string, float[], Safetensors, string> compare)
    {
        Safetensors tensors = Safetensors.Read(test.Tensors);
        using CompiledModel model = CompiledModel.Load(result.Model);
        using Session session = model.CreateSession();
        var difference = new StringBuilder();
        for (int call = 0; call < test.Calls; call++)
        {
            string prefix = test.Calls > 1 ? $"{call}." : "";
            for (int i = 0; i < test.InputNames.Count; i++)
                session.Resize(i, tensors.Shape($"in.{prefix}{test.InputNames[i]}"));
            for (int i = 0; i < test.InputNames.Count; i++)
                tensors.Bytes($"in.{prefix}{test.InputNames[i]}").CopyTo(TensorBytes.Input(session, i));
            session.Run();
            for (int i = 0; i < test.OutputNames.Count; i++)
                difference.Append(Compare($"out.{prefix}{test.OutputNames[i]}", session, i, tensors, compare));
        }

        return difference.ToString();
    }

    private static string Compare(string name, Session session, int output, Safetensors tensors, Func<string, float[], Safetensors, string> compare)
    {
        if (!session.OutputShape(output).SequenceEqual(tensors.Shape(name)))
            return $"{name} has the shape [{string.Join(',', session.OutputShape(output).ToArray())}], not [{string.Join(',', tensors.Shape(name))}] ";
        if (Floats(tensors.Type(name), TensorBytes.Output(session, output)) is not { } actual)
            return TensorBytes.Output(session, output).SequenceEqual(tensors.Bytes(name)) ? "" : $"{name} ({tensors.Type(name)}) differs ";
        return actual.Length == tensors.Shape(name).Aggregate(1, (product, length) => product * length)
            ? compare(name, actual, tensors)
            : $"{name} has the type {session.Signature.Outputs[output].Type}, not {tensors.Type(name)} ";
    }

    private static float[]? Floats(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        "F64" => [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Select(number => (float)number)],
        "F16" => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(number => (float)number)],
        "BF16" => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(bits => BitConverter.Int32BitsToSingle(bits << 16))],
        _ => null,
    };

    private static string Elements(string name, float[] actual, Safetensors tensors, double tolerance)
    {
        float[] expected = Floats(tensors.Type(name), tensors.Bytes(name))!;
        double bound = tolerance * expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max(), worst = 0;
        int place = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            double distance = actual[i].Equals(expected[i]) ? 0 : Math.Abs((double)actual[i] - expected[i]);
            if (!(distance <= Math.Max(bound, worst)))
                (worst, place) = (distance, i);
        }

        return place < 0 ? "" : $"{name}[{place}] is {actual[place]:R}, not {expected[place]:R} ";
    }

    private static string Error(string name, float[] actual, Safetensors tensors, double bound)
    {
        float[] expected = Floats(tensors.Type(name), tensors.Bytes(name))!;
        double difference = expected.Zip(actual).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)), magnitude = expected.Sum(number => (double)number * number);
        double error = difference == 0 ? 0 : Math.Sqrt(difference / magnitude);
        return error <= bound ? "" : $"{name}: the relative error is {error:P2} ";
    }
}
