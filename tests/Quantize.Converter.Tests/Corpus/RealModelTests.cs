using System.Text;
using System.Text.Json;
using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>Models that people have published, with TensorFlow's results. The tolerances are those recorded with each: for int8 weights one and a half times Google's own error.</summary>
public sealed class RealModelTests
{
    /// <summary>Models that need what is not there yet.</summary>
    private static readonly Dictionary<string, string> s_open = new()
    {
        ["models_golden/tf2onnx_gru"] = "a TF1 loop",
        ["models_golden/tf2onnx_lstm"] = "a TF1 loop",
    };

    public static TheoryData<string> Models =>
    [
        "models_golden/counter", "models_golden/facemask_aizoo_pb", "models_golden/half_plus_three", "models_golden/half_plus_two_2_versions", "models_golden/half_plus_two_cpu",
        "models_golden/half_plus_two_mkl", "models_golden/half_plus_two_tf2_cpu", "models_golden/java_using_python", "models_golden/matrix_half_plus_two",
        "models_golden/mlperf_kws_savedmodel", "models_golden/redundant_inputs", "models_golden/tf2onnx_ae0", "models_golden/tf2onnx_fc_layers", "models_golden/tf2onnx_gru",
        "models_golden/tf2onnx_lstm", "models_golden/tf2onnx_regression_pb", "models_golden/tf2onnx_regression_sm", "models/pypi_crepe_tiny", "models/pypi_mtcnn/golden_onet",
        "models/pypi_mtcnn/golden_pnet", "models/pypi_mtcnn/golden_rnet", "models/pypi_musicnn",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_published_model_converts_and_agrees_with_TensorFlow(string folder)
    {
        string golden = Repository.Shared(["data", .. folder.Split('/')]);
        using JsonDocument oracle = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "oracle.json")));
        string difference;
        try
        {
            difference = Difference(golden, oracle.RootElement, QuantizationScheme.None, "float_abs") + Difference(golden, oracle.RootElement, QuantizationScheme.DynamicRange, "dynamic_abs");
        }
        catch (ConversionException exception) when (s_open.ContainsKey(folder))
        {
            Assert.NotEmpty(exception.Diagnostics);
            return;
        }

        Assert.True(difference.Length == 0, difference);
        Assert.False(s_open.ContainsKey(folder), $"{folder} converts now: take it off the list");
    }

    private static string Difference(string golden, JsonElement oracle, QuantizationScheme scheme, string tolerance)
    {
        ConversionResult result = ModelConverter.Convert(Request(oracle, scheme));
        Safetensors tensors = Safetensors.Read(Path.Combine(golden, "io.safetensors"));
        using CompiledModel model = CompiledModel.Load(result.Model);
        using Session session = model.CreateSession();
        var difference = new StringBuilder();
        for (int call = 0; call < oracle.GetProperty("cases").GetInt32(); call++)
        {
            string suffix = call == 0 ? "" : $"@{call}";
            for (int i = 0; i < session.Signature.Inputs.Count; i++)
                session.Resize(i, tensors.Shape($"in.{session.Signature.Inputs[i].Key}{suffix}"));
            for (int i = 0; i < session.Signature.Inputs.Count; i++)
                tensors.Bytes($"in.{session.Signature.Inputs[i].Key}{suffix}").CopyTo(TensorBytes.Input(session, i));
            session.Run();
            for (int i = 0; i < session.Signature.Outputs.Count; i++)
            {
                string key = session.Signature.Outputs[i].Key;
                double largest = Largest(session.Output<float>(i), tensors.Get<float>($"out.{key}{suffix}"));
                JsonElement bound = oracle.GetProperty("tolerance").GetProperty(key).GetProperty(tolerance);
                if (bound.ValueKind == JsonValueKind.Number && largest > bound.GetDouble())
                    difference.AppendLine($"{scheme}: '{key}{suffix}' differs by {largest:E2}; {bound.GetDouble():E2} is the bound");
            }
        }

        return difference.ToString();
    }

    private static ConversionRequest Request(JsonElement oracle, QuantizationScheme scheme)
    {
        bool isFrozen = oracle.GetProperty("kind").GetString() == "frozen GraphDef";
        return new ConversionRequest
        {
            ModelPath = Path.Combine([Repository.Shared("data", "models"), .. oracle.GetProperty("source").GetString()!.Split('/')]),
            Quantization = scheme,
            SignatureKey = isFrozen ? null : oracle.GetProperty("signature").GetString(),
            InputArrays = isFrozen ? Names(oracle, "inputs") : [],
            OutputArrays = isFrozen ? Names(oracle, "outputs") : [],
        };
    }

    private static string[] Names(JsonElement oracle, string list) => [.. oracle.GetProperty(list).EnumerateObject().Select(tensor => tensor.Name)];

    private static double Largest(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs((double)actual[i] - expected[i]));
        return largest;
    }
}
