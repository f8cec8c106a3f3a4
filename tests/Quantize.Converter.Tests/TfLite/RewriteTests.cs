using System.Runtime.InteropServices;
using Quantize.Converter.Emission;
using Quantize.Converter.TfLite;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TfLite;

/// <summary>Files that are read as graphs and written again compute what they computed, state and all.</summary>
public sealed class RewriteTests
{
    private const int Runs = 3;

    [Theory]
    [InlineData("variables/acc")]
    [InlineData("variables/ema_int8")]
    [InlineData("variables/rnn_dyn")]
    [InlineData("lstm/seq_b3")]
    [InlineData("lstm/last_int8")]
    [InlineData("lstm/hybrid_f16")]
    [InlineData("hand_lstm/everything_hand")]
    [InlineData("svdf/float_r1_hand")]
    [InlineData("signatures/stateful")]
    [InlineData("detection_postprocess/fast_hand")]
    public void A_model_that_keeps_state_or_has_a_custom_operator_computes_the_same(string name)
    {
        byte[] model = File.ReadAllBytes(Model(name));
        Assert.Equal(Outputs(model)!, Outputs(Rewritten(model))!);
    }

    /// <summary>But for weights with scales for blocks, which a graph does not hold, and for what the runtime does not take with numbers that are made up.</summary>
    [Fact]
    public void Every_model_of_the_typed_corpus_computes_the_same()
    {
        string root = Repository.Shared("data", "tflite_typed");
        int same = 0;
        List<string> different = [];
        foreach (string path in Directory.EnumerateFiles(root, "model.tflite", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] model = File.ReadAllBytes(path);
            if (HasBlocks(model) || Outputs(model) is not { } outputs)
                continue;
            if (Outputs(Rewritten(model)) is { } rewritten && rewritten.SequenceEqual(outputs))
                same++;
            else
                different.Add(path);
        }

        Assert.Equal([], different);
        Assert.InRange(same, 500, int.MaxValue);
    }

    [Fact]
    public void Scales_for_blocks_of_weights_are_refused_by_name()
    {
        var request = new ConversionRequest { ModelPath = Model("aeq_fc/mlp_aeq_dw4b32"), Quantization = QuantizationScheme.DynamicRange };
        Assert.Contains("'MatMul_1' has scales for blocks of weights", Assert.Throws<ConversionException>(() => ModelConverter.Convert(request)).Message);
    }

    [Theory]
    [InlineData("variables/rnn")]
    [InlineData("gru_while/k3_last")]
    [InlineData("add/bcast5_int8")]
    [InlineData("detection_postprocess/fast_hand")]
    public void A_model_whose_weights_are_quantized_is_called_as_its_file_says(string name)
    {
        string path = Model(name);
        ConversionResult asItIs = ModelConverter.Convert(new ConversionRequest { ModelPath = path });
        ConversionResult quantized = ModelConverter.Convert(new ConversionRequest { ModelPath = path, Quantization = QuantizationScheme.DynamicRange });
        Assert.Equal(asItIs.Signature.IsStateful, quantized.Signature.IsStateful);
        Assert.Equal(asItIs.Signature.Methods, quantized.Signature.Methods);
        using CompiledModel model = CompiledModel.Load(quantized.Model);
        Assert.Equal(quantized.Signature.Methods.Select(method => string.Join(",", method.Inputs.Select(input => input.Key))), model.Signatures.Select(signature => string.Join(",", signature.Inputs.Select(input => input.Key))));
    }

    private static string Model(string name) => Path.Combine(Repository.Shared("data", "tflite_typed"), name, "model.tflite");

    private static bool HasBlocks(byte[] model)
    {
        using TfLiteModel read = TfLiteModel.Read(ModelBytes.Of(model));
        return read.Subgraphs.Any(subgraph => subgraph.Tensors.Any(tensor => tensor.Blockwise is not null));
    }

    private static byte[] Rewritten(byte[] model)
    {
        using TfLiteModel read = TfLiteModel.Read(ModelBytes.Of(model));
        return TfLiteEmitter.Emit(TfLiteGraphReader.Read(read)).ToArray();
    }

    /// <summary>Keys, shapes and elements of several runs of each signature; null where the model does not run.</summary>
    private static List<string>? Outputs(byte[] bytes)
    {
        try
        {
            List<string> outputs = [];
            using CompiledModel model = CompiledModel.Load(bytes);
            foreach (SignatureInfo signature in model.Signatures)
            {
                using Session session = model.CreateSession(signature.Key);
                for (int run = 0; run < Runs && signature.Inputs.All(input => input.Type != TensorType.String); run++)
                    Run(session, run, outputs);
            }

            return outputs;
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException or InvalidOperationException or DivideByZeroException)
        {
            return null;
        }
    }

    private static void Run(Session session, int run, List<string> outputs)
    {
        for (int i = 0; i < session.Signature.Inputs.Count; i++)
            Fill(session.InputBytes(i), session.Signature.Inputs[i].Type, run);
        session.Run();
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
        {
            TensorInfo output = session.Signature.Outputs[i];
            string elements = output.Type == TensorType.String ? string.Join("|", session.GetStrings(i)) : Convert.ToHexString(session.OutputBytes(i));
            outputs.Add($"{output.Key} {string.Join(",", session.OutputShape(i).ToArray())} {elements}");
        }
    }

    private static void Fill(Span<byte> bytes, TensorType type, int run)
    {
        var random = new Random(run);
        int size = Math.Max(type.Bits() / 8, 1);
        if (type == TensorType.Float32)
        {
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes))
                value = random.NextSingle() * 2 - 1;
            return;
        }

        bytes.Clear();
        for (int i = 0; i < bytes.Length; i += size)
            bytes[i] = (byte)(type is TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 ? random.Next(1, 255) : 1);
    }
}
