using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>The overloads over tensor spans.</summary>
public sealed class TensorCallTests
{
    private static readonly ModelSignature s_signature = Model("SumModel", Method(
        "serving_default",
        [Tensor("picture", "Float32", "batch picture_1 3"), Tensor("age", "Float32", "batch")],
        [Tensor("sum", "Float32", "batch picture_1 3"), Tensor("years", "Float32", "batch")]));

    [Fact]
    public void A_project_without_the_package_has_no_such_overloads() =>
        Assert.DoesNotContain("TensorSpan", TestProject.With(s_signature).GenerateClean(), StringComparison.Ordinal);

    [Fact]
    public void One_item_with_and_without_its_number() => Assert.Equal("2 4 | 2 4", Run("""
        Tensor<float> picture = Tensor.Create(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Tensor<float> one = Tensor.Create(new float[] { 1, 2, 3, 4, 5, 6 }, [1, 2, 3]);
        return string.Join(" ", SumModel.Predict(picture, 1).Sum.Take(2)) + " | " + string.Join(" ", SumModel.Predict(one, 1).Sum.Take(2));
        """));

    [Fact]
    public void A_batch_has_its_number_first() => Assert.Equal("2: 2 4 6 2 4 6, 7 8", Run("""
        Tensor<float> pictures = Tensor.Create(new float[] { 1, 2, 3, 1, 2, 3 }, [2, 1, 3]);
        SumModel.PredictionBatch batch = SumModel.PredictBatch(pictures, Tensor.Create(new float[] { 7, 8 }, [2]));
        return $"{batch.Count}: {string.Join(" ", batch.Sum)}, {string.Join(" ", batch.Years.Select(y => -y))}";
        """));

    [Fact]
    public void A_tensor_that_is_not_dense_is_copied() => Assert.Equal("4 6 8 12 14 16", Run("""
        ReadOnlyTensorSpan<float> all = new ReadOnlyTensorSpan<float>(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, [2, 4]);
        ReadOnlyTensorSpan<float> part = all.Slice([System.Buffers.NRange.All, 1..]);
        return part.IsDense + string.Join(" ", SumModel.Predict(part, 1).Sum);
        """).Replace("False", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("Predict(Tensor.Create(new float[4], [2, 2]), 1)", "input 'picture' takes a tensor of (any x 3), but one of (2 x 2) was given")]
    [InlineData("Predict(Tensor.Create(new float[12], [2, 2, 3]), 1)", "input 'picture' takes a tensor of (any x 3), but one of (2 x 2 x 3) was given")]
    [InlineData(
        "PredictBatch(Tensor.Create(new float[6], [2, 3]), Tensor.Create(new float[2], [2]))",
        "input 'picture' takes a tensor of (items x any x 3), but one of (2 x 3) was given")]
    [InlineData(
        "PredictBatch(Tensor.Create(new float[6], [2, 1, 3]), Tensor.Create(new float[3], [3]))",
        "input 'age' takes 2 elements (2), as input 'picture' has 2 items, but 3 were given")]
    public void Other_dimensions_are_refused(string call, string message) => Assert.Equal(message, Run($$"""
        try { SumModel.{{call}}; return "nothing"; } catch (ArgumentException e) { return e.Message; }
        """));

    [Fact]
    public void A_session_has_them_too() => Assert.Equal("2", Run("""
        using SumModel.Session session = SumModel.CreateSession();
        return session.Predict(Tensor.Create(new float[] { 1, 2, 3 }, [1, 3]), 1).Sum[0].ToString();
        """));

    private static string Run(string body)
    {
        byte[] model = TinyModel.Write(s_signature, [TinyOperator.Add("picture", "picture", "sum"), TinyOperator.Negative("age", "years")]);
        var project = new TestProject { HasTensors = true };
        return (string)project.Add(s_signature).AddResource(s_signature.ResourceName, model)
            .AddSource("global using System.Numerics.Tensors;").AddSource(CallTests.Program(body)).Run()!;
    }
}
