using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests;

/// <summary>Small TensorFlow graphs with TensorFlow's results: what is converted must give them, what is not must say so.</summary>
public sealed class OperatorCorpusTests
{
    /// <summary>How many of the corpus' cases are converted today; the number only grows.</summary>
    private const int FewestConverted = 170;

    private const int FewestWeights = 60;

    [Fact]
    public void Whatever_converts_gives_TensorFlows_results()
    {
        string folder = Repository.Shared("data", "tf_ops");
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));
        var wrong = new StringBuilder();
        int converted = 0;
        foreach (JsonElement entry in index.RootElement.EnumerateArray())
        {
            string name = entry.GetProperty("case").GetString()!;
            try
            {
                ConversionResult result = ModelConverter.Convert(Request(Path.Combine(folder, name), entry));
                converted++;
                wrong.Append(Difference(Path.Combine(folder, name), entry, result));
            }
            catch (ConversionException)
            {
                // Not supported yet.
            }
            catch (Exception exception)
            {
                wrong.AppendLine($"{name}: {exception.GetType().Name} {exception.Message}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{converted} of {index.RootElement.GetArrayLength()} converted");
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(converted >= FewestConverted, $"only {converted} cases are converted");
    }

    [Fact]
    public void Quantized_weights_are_Googles()
    {
        string folder = Repository.Shared("data", "tf_ops");
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));
        var wrong = new StringBuilder();
        int compared = 0;
        foreach (JsonElement entry in index.RootElement.EnumerateArray())
        {
            string name = entry.GetProperty("case").GetString()!;
            string google = Path.Combine(folder, name, entry.TryGetProperty("io", out JsonElement io) ? io.GetString()!.Replace("io.", "google_dynamic.").Replace(".safetensors", ".tflite") : "google_dynamic.tflite");
            if (!File.Exists(google))
                continue;
            try
            {
                ConversionResult result = ModelConverter.Convert(Request(Path.Combine(folder, name), entry) with { Quantization = QuantizationScheme.DynamicRange });
                using TfLiteModel ours = TfLiteModel.Read(ModelBytes.Of(result.Model));
                using TfLiteModel theirs = TfLiteModel.Read(ModelBytes.Map(google));
                (string Codes, float[] Scales)[] expected = Weights(theirs), actual = Weights(ours);
                compared += expected.Length;
                if (!expected.Select(weights => weights.Codes).SequenceEqual(actual.Select(weights => weights.Codes)))
                    wrong.AppendLine($"{name}: [{string.Join("; ", actual.Select(weights => weights.Codes))}], not [{string.Join("; ", expected.Select(weights => weights.Codes))}]");
                else if (!expected.SelectMany(weights => weights.Scales).Zip(actual.SelectMany(weights => weights.Scales), IsSameScale).All(same => same))
                    wrong.AppendLine($"{name}: scales differ");
            }
            catch (ConversionException)
            {
                // Not supported yet.
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} weights compared");
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(compared >= FewestWeights, $"only {compared} weights are compared");
    }

    /// <summary>Every int8 constant: its shape, axis and codes as text, and its scales.</summary>
    private static (string Codes, float[] Scales)[] Weights(TfLiteModel model) =>
    [
        .. model.Subgraphs.SelectMany(subgraph => subgraph.Tensors)
            .Where(tensor => tensor is { Type: TensorType.Int8, IsConstant: true, Quantization: not null })
            .Select(tensor => ($"[{string.Join(',', tensor.Shape)}] axis {tensor.Quantization!.Axis} {Hash(model.Data(tensor))}", tensor.Quantization.Scales))
            .OrderBy(weights => weights.Item1, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Equal but for three units in the last place: where a normalization is folded in, Google's rsqrt is the processor's approximation with a Newton step, ours is
    /// the same everywhere.
    /// </summary>
    private static bool IsSameScale(float expected, float actual) => Math.Abs(expected - actual) <= 3.6e-7 * expected;

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..8];

    private static ConversionRequest Request(string folder, JsonElement entry)
    {
        bool isGraph = entry.GetProperty("format").GetString() == "graph";
        return new ConversionRequest
        {
            ModelPath = Path.Combine(folder, isGraph ? "graph.pb" : "saved_model"),
            Quantization = QuantizationScheme.None,
            SignatureKey = isGraph ? null : entry.GetProperty("signature").GetString(),
            InputArrays = isGraph ? Names(entry, "inputs") : [],
            OutputArrays = isGraph ? Names(entry, "outputs") : [],
        };
    }

    private static string[] Names(JsonElement entry, string list) => [.. entry.GetProperty(list).EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()!)];

    private static string Difference(string folder, JsonElement entry, ConversionResult result)
    {
        string file = entry.TryGetProperty("io", out JsonElement io) ? io.GetString()! : "io.safetensors";
        Safetensors tensors = Safetensors.Read(Path.Combine(folder, file));
        using CompiledModel model = CompiledModel.Load(result.Model);
        using Session session = model.CreateSession();
        bool hasSecondRun = tensors.Names.Any(name => name.StartsWith("in2.", StringComparison.Ordinal));
        string difference = Difference(session, entry, tensors, "") + (hasSecondRun ? Difference(session, entry, tensors, "2") : "");
        return difference.Length == 0 ? "" : $"{entry.GetProperty("case").GetString()}: {difference}\n";
    }

    private static string Difference(Session session, JsonElement entry, Safetensors tensors, string run)
    {
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
            session.Resize(i, tensors.Shape($"in{run}.{session.Signature.Inputs[i].Key}"));
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
        {
            string name = $"in{run}.{session.Signature.Inputs[i].Key}";
            tensors.Bytes(name).CopyTo(InputBytes(session, i));
        }

        session.Run();
        var difference = new StringBuilder();
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
        {
            string name = $"out{run}.{session.Signature.Outputs[i].Key}";
            if (!session.OutputShape(i).SequenceEqual(tensors.Shape(name)))
                difference.Append($"{name} has the shape [{string.Join(',', session.OutputShape(i).ToArray())}], not [{string.Join(',', tensors.Shape(name))}] ");
            else if (tensors.Type(name) == "F32")
                difference.Append(FloatDifference(name, session.Output<float>(i), tensors.Get<float>(name), entry.GetProperty("tolerance")));
            else if (!OutputBytes(session, i).SequenceEqual(tensors.Bytes(name)))
                difference.Append($"{name} differs ");
        }

        return difference.ToString();
    }

    private static Span<byte> InputBytes(Session session, int input) => session.Signature.Inputs[input].Type switch
    {
        TensorType.Float32 => MemoryMarshal.AsBytes(session.Input<float>(input)),
        TensorType.Float16 => MemoryMarshal.AsBytes(session.Input<Half>(input)),
        TensorType.Int32 => MemoryMarshal.AsBytes(session.Input<int>(input)),
        TensorType.Int64 => MemoryMarshal.AsBytes(session.Input<long>(input)),
        TensorType.Int16 => MemoryMarshal.AsBytes(session.Input<short>(input)),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Input<sbyte>(input)),
        TensorType.UInt8 => session.Input<byte>(input),
        TensorType.Bool => MemoryMarshal.AsBytes(session.Input<bool>(input)),
        _ => throw new NotSupportedException(session.Signature.Inputs[input].Type.ToString()),
    };

    private static ReadOnlySpan<byte> OutputBytes(Session session, int output) => session.Signature.Outputs[output].Type switch
    {
        TensorType.Float16 => MemoryMarshal.AsBytes(session.Output<Half>(output)),
        TensorType.Int32 => MemoryMarshal.AsBytes(session.Output<int>(output)),
        TensorType.Int64 => MemoryMarshal.AsBytes(session.Output<long>(output)),
        TensorType.Int16 => MemoryMarshal.AsBytes(session.Output<short>(output)),
        TensorType.Int8 => MemoryMarshal.AsBytes(session.Output<sbyte>(output)),
        TensorType.UInt8 => session.Output<byte>(output),
        TensorType.Bool => MemoryMarshal.AsBytes(session.Output<bool>(output)),
        _ => throw new NotSupportedException(session.Signature.Outputs[output].Type.ToString()),
    };

    private static string FloatDifference(string name, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, JsonElement tolerance)
    {
        double absolute = tolerance.GetProperty("abs").GetDouble(), relative = tolerance.GetProperty("rel").GetDouble();
        for (int i = 0; i < theirs.Length; i++)
        {
            bool same = ours[i].Equals(theirs[i]) || Math.Abs((double)ours[i] - theirs[i]) <= absolute + relative * Math.Abs((double)theirs[i]);
            if (!same)
                return $"{name}[{i}] is {ours[i]:R}, not {theirs[i]:R} ";
        }

        return "";
    }
}
