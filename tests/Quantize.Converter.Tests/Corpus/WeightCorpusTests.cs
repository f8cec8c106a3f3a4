using System.Security.Cryptography;
using System.Text;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Corpus;

/// <summary>The weights that Google's converter quantizes, code by code.</summary>
public sealed class WeightCorpusTests
{
    private const int FewestWeights = 159;

    /// <summary>Where the files differ on purpose, or not yet.</summary>
    private static readonly Dictionary<string, string> s_differences = new()
    {
        ["embedding/one_hot_matmul"] = "a dense layer here, a lookup there: the same numbers, by column instead of by row",
        ["fake_quant/qat_conv"] = "ranges of training become arithmetic here, quantized kernels there",
        ["fake_quant/qat_conv_per_channel"] = "as qat_conv",
        ["fake_quant/qat_dense"] = "as qat_conv",
        ["keras_rnn/lstm_batch1"] = "a fused LSTM here, which has one scale for each matrix, a loop there",
        ["keras_rnn/simple_rnn"] = "a fused cell here, which has one scale for each matrix, a loop there",
        ["keras_rnn/simple_rnn_batch1"] = "as simple_rnn",
        ["pattern/const_lhs"] = "constants on the left stay float here",
    };

    [Fact]
    public void Quantized_weights_are_Googles()
    {
        Repository.Shared("data", "tf_ops");
        var wrong = new StringBuilder();
        int compared = 0;
        foreach (TensorFlowCase test in TensorFlowCase.All())
        {
            string google = Path.Combine(test.Folder, Path.GetFileName(test.Tensors).Replace("io.", "google_dynamic.").Replace(".safetensors", ".tflite"));
            if (!File.Exists(google) || s_differences.ContainsKey(test.Name))
                continue;
            try
            {
                ConversionResult result = ModelConverter.Convert(test.Request(QuantizationScheme.DynamicRange));
                using TfLiteModel ours = TfLiteModel.Read(ModelBytes.Of(result.Model));
                using TfLiteModel theirs = TfLiteModel.Read(ModelBytes.Map(google));
                (string Codes, float[] Scales)[] expected = Weights(theirs), actual = Weights(ours);
                compared += expected.Length;
                if (!expected.Select(weights => weights.Codes).SequenceEqual(actual.Select(weights => weights.Codes)))
                    wrong.AppendLine($"{test.Id}: [{string.Join("; ", actual.Select(weights => weights.Codes))}], not [{string.Join("; ", expected.Select(weights => weights.Codes))}]");
                else if (!expected.SelectMany(weights => weights.Scales).Zip(actual.SelectMany(weights => weights.Scales), IsSameScale).All(same => same))
                    wrong.AppendLine($"{test.Id}: scales differ");
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
    /// Equal but for three units in the last place: where a normalization is folded in, the order of float operations decides the last bit, and ours is
    /// the same everywhere.
    /// </summary>
    private static bool IsSameScale(float expected, float actual) => Math.Abs(expected - actual) <= 3.6e-7 * expected;

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..8];
}
