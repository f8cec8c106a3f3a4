using Microsoft.CodeAnalysis;
using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>Generated classes, compiled and called, over models that the test writes.</summary>
public sealed class CallTests
{
    private static readonly ModelSignature s_negative = Model("NegativeModel", Method(
        "serving_default",
        [Tensor("picture", "Float32", "batch 2 3")],
        [Tensor("negative", "Float32", "batch 2 3"), Tensor("same", "Int64", "batch 2 3")])) with
    {
        Operators = new(["Neg", "Cast"]),
    };

    private const string Failing = "try { NegativeModel.Predict(new float[6]); return \"nothing\"; } catch (Exception e) { return e.Message; }";

    private static readonly TinyOperator[] s_negativeNodes = [TinyOperator.Negative("picture", "negative"), TinyOperator.Cast("picture", "same")];

    [Fact]
    public void One_item() => Equal("""
        Negative = [-1, -2, -3, -4, -5, -6], Same = [1, 2, 3, 4, 5, 6]
        """, Negative("return NegativeModel.Predict(new float[] { 1, 2, 3, 4, 5, 6 }).ToString();"));

    [Fact]
    public void A_batch_is_a_list_of_items() => Equal("2 of 2: -7 7 | -1 1", Negative("""
        NegativeModel.PredictionBatch batch = NegativeModel.PredictBatch(new float[] { 7, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6 });
        string items = string.Join(" | ", batch.Select(item => $"{item.Negative[0]} {item.Same[0]}"));
        return $"{batch.Count} of {batch.Negative.Length / NegativeModel.NegativeSize}: {items}";
        """));

    [Fact]
    public void The_callers_memory_may_be_longer() => Equal("-1 -6 0, 6", Negative("""
        float[] negative = new float[20];
        long[] same = new long[6];
        NegativeModel.Predict(new float[] { 1, 2, 3, 4, 5, 6 }, same: same, negative: negative);
        return $"{negative[0]} {negative[5]} {negative[6]}, {same[5]}";
        """));

    [Fact]
    public void A_session_owns_its_memory() => Equal("-1", Negative("""
        using NegativeModel.Session session = NegativeModel.CreateSession();
        session.PredictBatch(new float[60]);
        session.Reset();
        return session.Predict(new float[] { 1, 2, 3, 4, 5, 6 }).Negative[0].ToString();
        """));

    [Fact]
    public void A_disposed_session_says_so() => Equal("ObjectDisposedException", Negative("""
        NegativeModel.Session session = NegativeModel.CreateSession();
        session.Dispose();
        try { session.Predict(new float[6]); return "no"; } catch (ObjectDisposedException e) { return e.GetType().Name; }
        """));

    [Fact]
    public void An_empty_batch_has_no_items() => Equal("0 0 0", Negative("""
        NegativeModel.PredictionBatch batch = NegativeModel.PredictBatch(ReadOnlySpan<float>.Empty);
        return $"{batch.Count} {batch.Negative.Length} {batch.Count()}";
        """));

    [Theory]
    [InlineData("Predict(new float[5])", "input 'picture' takes 6 elements (2 x 3), but 5 were given")]
    [InlineData("Predict(new float[12])", "input 'picture' takes 6 elements (2 x 3), but 12 were given")]
    [InlineData("Predict(new float[1])", "input 'picture' takes 6 elements (2 x 3), but 1 was given")]
    [InlineData("PredictBatch(new float[13])", "input 'picture' takes a multiple of 6 elements (2 x 3), but 13 were given")]
    [InlineData("Predict(new float[7], new float[6], new long[6])", "input 'picture' takes a multiple of 6 elements (2 x 3), but 7 were given")]
    [InlineData("Predict(new float[12], new float[11], new long[12])", "output 'negative' needs 12 elements (2 x 2 x 3), but 11 were given")]
    [InlineData("Predict(new float[6], new float[6], new long[0])", "output 'same' needs 6 elements (1 x 2 x 3), but 0 were given")]
    public void A_wrong_length_names_the_tensor_and_both_sizes(string call, string message) => Equal(message, Negative($$"""
        try { NegativeModel.{{call}}; return "nothing"; } catch (ArgumentException e) { return e.Message; }
        """));

    [Fact]
    public void An_item_that_is_not_there_is_out_of_range() => Equal("index", Negative("""
        try { return NegativeModel.PredictBatch(new float[6])[1].ToString(); } catch (ArgumentOutOfRangeException e) { return e.ParamName!; }
        """));

    [Fact]
    public void The_call_over_spans_allocates_nothing() => Equal("0", Negative("""
        float[] pictures = new float[18], negative = new float[18];
        long[] same = new long[18];
        long before = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            NegativeModel.Predict(pictures, negative, same);
            NegativeModel.Predict(pictures.AsSpan(0, 6), negative, same);
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before).ToString();
        """));

    [Fact]
    public void Eight_threads_call_at_once() => Equal("0 wrong", Negative("""
        int wrong = 0;
        System.Threading.Tasks.Parallel.For(0, 8, new System.Threading.Tasks.ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int call = 1; call <= 300; call++)
            {
                float[] pictures = new float[6 * (1 + (call + thread) % 4)];
                pictures.AsSpan().Fill(thread * 1000 + call);
                NegativeModel.PredictionBatch batch = NegativeModel.PredictBatch(pictures);
                if (batch.Negative.Length != pictures.Length || batch.Negative.Any(value => value != -(thread * 1000 + call)))
                    System.Threading.Interlocked.Increment(ref wrong);
            }
        });
        return $"{wrong} wrong";
        """));

    [Fact]
    public void The_model_itself_is_there() => Equal("picture,Neg Cast", Negative("""
        return NegativeModel.Model.Signatures[0].Inputs[0].Key + "," + string.Join(" ", NegativeModel.Model.Plan.Select(step => step.Operator));
        """));

    [Fact]
    public void A_missing_resource_tells_its_name() => Equal(
        "the assembly 'MyApp' has no resource 'NegativeModel.tflite', the model of NegativeModel; rebuild the project",
        TestProject.With(s_negative).AddSource(Program(Failing)).Run());

    [Fact]
    public void Another_model_in_the_resource_is_refused()
    {
        ModelSignature other = Model("", Method("serving_default", [Tensor("x", "Float32", "batch 2 3")], [Tensor("negative", "Float32", "batch 2 3")]));
        Equal(
            "the model's signature 'serving_default' is not the one that the class was made for; rebuild the project",
            TestProject.With(s_negative)
                .AddResource("NegativeModel.tflite", TinyModel.Write(other, [TinyOperator.Negative("x", "negative")]))
                .AddSource(Program(Failing)).Run());
    }

    [Fact]
    public void Operators_that_the_class_does_not_name_are_not_there() => Assert.Contains(
        "CAST",
        Run(s_negative with { Operators = new(["Neg"]) }, [s_negativeNodes], Failing).ToUpperInvariant());

    [Fact]
    public void Several_inputs_and_scalars()
    {
        ModelSignature signature = Model("SumModel", Method(
            "serving_default",
            [Tensor("a", "Float32", "batch 2"), Tensor("b", "Float32", "batch 2"), Tensor("age", "Int32", "batch"), Tensor("heat", "Float32", "")],
            [Tensor("sum", "Float32", "batch 2"), Tensor("old", "Float32", "batch"), Tensor("cold", "Float32", "")]));
        TinyOperator[] nodes = [TinyOperator.Add("a", "b", "sum"), TinyOperator.Cast("age", "old"), TinyOperator.Negative("heat", "cold")];
        Equal("Sum = [11, 22], Old = 7, Cold = -0.5", Run(signature, [nodes], """
            return SumModel.Predict(new float[] { 1, 2 }, new float[] { 10, 20 }, 7, 0.5f).ToString();
            """));
        Equal("Count = 2, Sum = [11, 22, 33, 44], Old = [7, 8], Cold = -0.5", Run(signature, [nodes], """
            return SumModel.PredictBatch(new float[] { 1, 2, 3, 4 }, new float[] { 10, 20, 30, 40 }, new[] { 7, 8 }, 0.5f).ToString();
            """));
        Equal("input 'b' takes 4 elements (2 x 2), as input 'a' has 2 items, but 6 were given", Run(signature, [nodes], """
            try { SumModel.PredictBatch(new float[4], new float[6], new int[2], 0); return "no"; } catch (ArgumentException e) { return e.Message; }
            """));
        Equal("after an error: 3", Run(signature, [nodes], """
            using SumModel.Session session = SumModel.CreateSession();
            try { session.PredictBatch(new float[4], new float[6], new int[2], 0); } catch (ArgumentException) { }
            return "after an error: " + session.Predict(new float[] { 1, 0 }, new float[] { 2, 0 }, 1, 0).Sum[0];
            """));
    }

    [Fact]
    public void Open_sizes_are_arguments_and_unknown_lengths_are_told()
    {
        ModelSignature signature = Model("TextModel", Method(
            "serving_default",
            [Tensor("tokens", "Int32", "batch tokens_1")],
            [Tensor("sum", "Int32", "batch tokens_1"), Tensor("twice", "Int32", "batch (tokens_1*2)"), Tensor("dims", "Int32", "2")]));
        TinyOperator[] nodes =
        [
            TinyOperator.Add("tokens", "tokens", "sum"), TinyOperator.Concatenation(1, "tokens", "tokens", "twice"), TinyOperator.Shape("tokens", "dims"),
        ];
        Equal("Sum = [2, 4, 6], Twice = [1, 2, 3, 1, 2, 3], Dims = [1, 3] 3 6", Run(signature, [nodes], """
            TextModel.Prediction result = TextModel.Predict(new[] { 1, 2, 3 }, tokens1: 3);
            return $"{result} {result.SumShape[0]} {result.TwiceShape[0]}";
            """));
        Equal("[2, 2] [2, 4] 2:3,4,3,4", Run(signature, [nodes], """
            TextModel.PredictionBatch result = TextModel.PredictBatch(new[] { 1, 2, 3, 4 }, 2);
            return $"[{string.Join(", ", result.SumShape)}] [{string.Join(", ", result.TwiceShape)}] {result.Count}:{string.Join(",", result[1].Twice)}";
            """));
        Equal("8", Run(signature, [nodes], """
            int[] twice = new int[100];
            TextModel.Predict(new[] { 1, 2, 3, 4 }, 2, new int[4], twice, out int length, new int[2]);
            return length.ToString();
            """));
        Equal("input 'tokens' takes 3 elements (3), but 4 were given", Run(signature, [nodes], """
            try { TextModel.Predict(new int[4], 3); return "no"; } catch (ArgumentException e) { return e.Message; }
            """));
        Equal("input 'tokens' takes a multiple of 0 elements (0), but 4 were given", Run(signature, [nodes], """
            try { TextModel.PredictBatch(new int[4], 0); return "no"; } catch (ArgumentException e) { return e.Message; }
            """));
        Equal("input 'tokens' takes a number of elements that no memory has (-3), but 3 were given", Run(signature, [nodes], """
            try { TextModel.Predict(new int[3], -3); return "no"; } catch (ArgumentException e) { return e.Message; }
            """));
    }

    [Fact]
    public void A_model_without_open_dimensions_has_one_call()
    {
        ModelSignature signature = Model("FixedModel", Method("double_up", [Tensor("x", "Int32", "1 3")], [Tensor("y", "Int32", "1 3")]));
        Equal("Y = [2, 4, 6]", Run(signature, [[TinyOperator.Add("x", "x", "y")]], "return FixedModel.DoubleUp(new[] { 1, 2, 3 }).ToString();"));
    }

    [Fact]
    public void Every_signature_is_a_method()
    {
        ModelSignature signature = Model(
            "TwoModel",
            Method("serving_default", [Tensor("x", "Float32", "batch 2")], [Tensor("y", "Float32", "batch 2")]),
            Method("to_integer", [Tensor("x", "Float32", "batch 2")], [Tensor("y", "Int32", "batch 2")]));
        Equal("Y = [-1, -2], Y = [1, 2]", Run(signature, [[TinyOperator.Negative("x", "y")], [TinyOperator.Cast("x", "y")]], """
            return TwoModel.Predict(new float[] { 1, 2 }) + ", " + TwoModel.ToInteger(new float[] { 1, 2 });
            """));
    }

    [Theory]
    [InlineData("Float32", "float")]
    [InlineData("Float16", "Half")]
    [InlineData("Float64", "double")]
    [InlineData("Int8", "sbyte")]
    [InlineData("UInt8", "byte")]
    [InlineData("Int16", "short")]
    [InlineData("UInt16", "ushort")]
    [InlineData("Int32", "int")]
    [InlineData("UInt32", "uint")]
    [InlineData("Int64", "long")]
    public void Every_element_type_keeps_its_type(string type, string csharp)
    {
        ModelSignature signature = Model("CastModel", Method("serving_default", [Tensor("x", "Int32", "batch 3")], [Tensor("y", type, "batch 3")]));
        Equal("1 2 3", Run(signature, [[TinyOperator.Cast("x", "y")]], $"""
            {csharp}[] y = CastModel.Predict(new[] {"{ 1, 2, 3 }"}).Y;
            return string.Join(" ", y);
            """));
    }

    [Fact]
    public void Booleans_go_in()
    {
        ModelSignature signature = Model("CastModel", Method("serving_default", [Tensor("x", "Bool", "batch 3")], [Tensor("y", "Int32", "batch 3")]));
        Equal("Y = [1, 0, 1]", Run(signature, [[TinyOperator.Cast("x", "y")]], "return CastModel.Predict(new[] { true, false, true }).ToString();"));
    }

    [Fact]
    public void A_stateful_model_has_only_sessions()
    {
        ModelSignature signature = s_negative with { IsStateful = true };
        Equal("-1", Run(signature, [s_negativeNodes], """
            using NegativeModel.Session session = NegativeModel.CreateSession();
            session.Reset();
            return session.Predict(new float[] { 1, 2, 3, 4, 5, 6 }).Negative[0].ToString();
            """));
        TestProject project = TestProject.With(signature).AddSource(Program("return NegativeModel.Predict(new float[6]).ToString();"));
        (_, _, Compilation output) = project.Generate();
        Assert.Contains(output.GetDiagnostics(), diagnostic => diagnostic.Id == "CS0117");
    }

    [Fact]
    public void The_methods_of_a_stateful_model_share_a_session()
    {
        SignatureMethod[] methods = [Method("add", [Tensor("a", "Float32", "2")], [Tensor("b", "Float32", "2")]), Method("read", [Tensor("c", "Float32", "2")], [Tensor("d", "Float32", "2")])];
        ModelSignature signature = Model("TwoModel", methods) with { IsStateful = true };
        Equal("-1 -2", Run(signature, [[TinyOperator.Negative("a", "b")], [TinyOperator.Negative("c", "d")]], """
            using TwoModel.Session session = TwoModel.CreateSession();
            return $"{session.Add(new float[] { 1, 1 }).B[0]} {session.Read(new float[] { 2, 2 }).D[0]}";
            """));
        string text = string.Concat(TestProject.With(signature).GenerateClean());
        Assert.Contains("_add = new(Model, ", text, StringComparison.Ordinal);
        Assert.Contains("_read = new(_add, ", text, StringComparison.Ordinal);
    }

    private static string Negative(string body) => Run(s_negative, [s_negativeNodes], body);

    private static string Run(ModelSignature signature, TinyOperator[][] operators, string body) =>
        (string)TestProject.With(signature).AddResource(signature.ResourceName, TinyModel.Write(signature, operators)).AddSource(Program(body)).Run()!;

    internal static string Program(string body) => $$"""
        using System;
        using System.Linq;

        namespace MyApp;

        /// <summary>The test.</summary>
        public static class Test
        {
            /// <summary>Runs it.</summary>
            public static string Run()
            {
                {{body}}
            }
        }
        """;

    private static void Equal(string expected, object? actual) => Assert.Equal(expected, actual);
}
