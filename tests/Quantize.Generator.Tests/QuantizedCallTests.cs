using Quantize.Build;
using Quantize.Tests;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>Models whose inputs and outputs are codes: called with numbers, and with the codes themselves.</summary>
public sealed class QuantizedCallTests
{
    private static readonly ModelSignature s_codes = Model("CodesModel", Method(
        "serving_default",
        [Tensor("pixels", "UInt8", "batch 4") with { Scale = 0.5f, ZeroPoint = 128 }],
        [Tensor("level", "Int8", "batch 4") with { Scale = 0.25f, ZeroPoint = -4 }])) with
    {
        Operators = new(["Quantize"]),
    };

    [Fact]
    public void Numbers_are_rounded_away_from_zero_and_cut_off_at_the_range() => Equal("-0.5 0.5 32.75 -31", """
        float[] level = CodesModel.Predict(new float[] { -0.25f, 0.25f, 1000, float.NegativeInfinity }).Level;
        return string.Join(" ", level.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        """);

    [Fact]
    public void The_raw_form_takes_and_gives_codes() => Equal("-6 -4 -2 127", """
        CodesModel.RawPrediction codes = CodesModel.PredictRaw(new byte[] { 127, 128, 129, 255 });
        return string.Join(" ", codes.Level);
        """);

    [Fact]
    public void Both_forms_take_batches_and_the_callers_memory() => Equal("2 2 1 -2 -6", """
        float[] numbers = new float[8], level = new float[9];
        sbyte[] codes = new sbyte[8];
        numbers[7] = 0.5f;
        CodesModel.PredictionBatch batch = CodesModel.PredictBatch(numbers);
        CodesModel.RawPredictionBatch raw = CodesModel.PredictRawBatch(new byte[] { 128, 128, 128, 128, 128, 128, 128, 129 });
        CodesModel.Predict(numbers, level);
        CodesModel.PredictRaw(new byte[] { 128, 128, 128, 127 }, codes);
        return $"{batch.Count} {raw.Count} {(batch[1].Level[3] == 0.5f && level[7] == 0.5f && batch.Level[6] == 0 ? 1 : 0)} {raw[1].Level[3]} {codes[3]}";
        """);

    [Fact]
    public void A_wrong_length_names_the_tensor_in_both_forms() => Equal("input 'pixels' takes 4 elements (4), but 3 were given|input 'pixels' takes 4 elements (4), but 5 were given", """
        string Message(Action call) { try { call(); return "nothing"; } catch (ArgumentException e) { return e.Message; } }
        return Message(() => CodesModel.Predict(new float[3])) + "|" + Message(() => CodesModel.PredictRaw(new byte[5]));
        """);

    [Fact]
    public void The_calls_over_spans_allocate_nothing() => Equal("0", """
        float[] pixels = new float[8], level = new float[8];
        byte[] codes = new byte[8];
        sbyte[] levels = new sbyte[8];
        long before = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            CodesModel.Predict(pixels, level);
            CodesModel.PredictRaw(codes, levels);
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before).ToString();
        """);

    [Fact]
    public void A_raw_form_without_quantized_outputs_has_the_same_result()
    {
        ModelSignature signature = Model("HalfModel", Method("serving_default", [Tensor("pixels", "UInt8", "4") with { Scale = 1, ZeroPoint = 0 }], [Tensor("sum", "Float32", "4")]));
        string source = TestProject.With(signature).GenerateClean();
        Assert.Contains("Prediction PredictRaw(global::System.ReadOnlySpan<byte> pixels)", source);
        Assert.DoesNotContain("RawPrediction", source);
    }

    [Fact]
    public void A_signature_that_is_called_as_a_raw_form_would_be_keeps_its_name()
    {
        SignatureTensor codes = Tensor("x", "Int8", "4") with { Scale = 1 };
        string source = TestProject.With(Model("TwoModel", Method("predict_raw", [codes], [codes]), Method("predict", [codes], [codes with { Shape = new(["4"]) }]))).GenerateClean();
        Assert.Contains("RawPrediction PredictRaw(global::System.ReadOnlySpan<float> x)", source);
        Assert.Contains("PredictRaw2(global::System.ReadOnlySpan<sbyte> x)", source);
    }

    /// <summary>Every input and output of the full-integer network in both forms; its class and the untyped session agree to the bit.</summary>
    [Fact]
    public void A_full_integer_network_takes_numbers()
    {
        ModelSignature signature = Model("WakeModel", Method(
            "serving_default",
            [Tensor("input", "Int8", "1 96 96 3")],
            [Tensor("output", "Int8", "1 2")]));
        byte[] model = File.ReadAllBytes(Repository.Shared("data", "models", "mlperf_tiny_vww01_mobilenet", "vww_96_int8.tflite"));
        using (Runtime.CompiledModel file = Runtime.CompiledModel.Load(model))
            signature = FromFile(signature, file);
        string input = Words(signature.Methods[0].Inputs[0].Key), output = Words(signature.Methods[0].Outputs[0].Key);
        Assert.Equal("the same", TestProject.With(signature).AddResource(signature.ResourceName, model).AddSource(CallTests.Program($$"""
            float[] image = new float[WakeModel.{{input}}Size];
            sbyte[] codes = new sbyte[image.Length];
            for (int i = 0; i < image.Length; i++)
                (image[i], codes[i]) = (i % 256 / 255f, (sbyte)(i % 256 - 128));
            using Quantize.Runtime.Session session = WakeModel.Model.CreateSession();
            codes.CopyTo(session.Input<sbyte>(0));
            session.Run();
            sbyte[] expected = session.Output<sbyte>(0).ToArray();
            float[] numbers = WakeModel.Predict(image).{{output}};
            bool same = WakeModel.PredictRaw(codes).{{output}}.SequenceEqual(expected)
                && numbers.SequenceEqual(expected.Select(code => (code + 128) / 256f));
            return same ? "the same" : string.Join(" ", numbers) + " for " + string.Join(" ", expected);
            """)).Run());
    }

    private static ModelSignature FromFile(ModelSignature signature, Runtime.CompiledModel file) => signature with
    {
        Methods = new([Method("serving_default", [OfFile(file.Signatures[0].Inputs[0])], [OfFile(file.Signatures[0].Outputs[0])])]),
    };

    private static SignatureTensor OfFile(Runtime.TensorInfo tensor) =>
        new(tensor.Key, tensor.Name, tensor.Type.ToString(), new(tensor.Shape.Select(dimension => $"{Math.Abs(dimension)}")), tensor.Scale, tensor.ZeroPoint);

    private static string Words(string key) => Identifiers.Pascal(key, "Input");

    private static void Equal(string expected, string statements) => Assert.Equal(expected, TestProject.With(s_codes)
        .AddResource(s_codes.ResourceName, TinyModel.Write(s_codes, [TinyOperator.Requantize("pixels", "level")]))
        .AddSource(CallTests.Program(statements))
        .Run());
}
