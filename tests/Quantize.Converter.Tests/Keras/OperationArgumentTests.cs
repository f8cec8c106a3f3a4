namespace Quantize.Converter.Tests.Keras;

/// <summary>Functions of keras.ops, each with a result that is computed by hand.</summary>
public sealed class OperationArgumentTests
{
    private const float Tolerance = 1e-5f;

    /// <summary>Class, configuration, further arguments, and what becomes of [[3, -1, 2], [0, 4, 1]].</summary>
    public static TheoryData<string, string, string, float[]> Cases => new()
    {
        { "Sort", "\"axis\": -1", "", [-1, 2, 3, 0, 1, 4] },
        { "Moments", "\"axes\": [1], \"keepdims\": false", "", [4f / 3, 5f / 3] },
        { "Ptp", "\"axis\": 1, \"keepdims\": true", "", [4, 4] },
        { "Average", "\"axis\": 0", "", [1.5f, 1.5f, 1.5f] },
        { "Nansum", "\"axis\": 1", "", [4, 5] },
        { "Nanmean", "\"axis\": 0", "", [1.5f, 1.5f, 1.5f] },
        { "Norm", "\"ord\": 1, \"axis\": -1", "", [6, 5] },
        { "Norm", "\"ord\": 3, \"axis\": [1]", "", [MathF.Cbrt(36), MathF.Cbrt(65)] },
        { "Normalize", "\"axis\": -1, \"order\": 1", "", [3f / 6, -1f / 6, 2f / 6, 0, 4f / 5, 1f / 5] },
        { "Diff", "\"axis\": -1", "", [-4, 3, 4, -3] },
        { "Flipud", "", "", [0, 4, 1, 3, -1, 2] },
        { "Fliplr", "", "", [2, -1, 3, 1, 4, 0] },
        { "Trunc", "", "", [3, -1, 2, 0, 4, 1] },
        { "Hypot", "", "4", [5, MathF.Sqrt(17), MathF.Sqrt(20), 4, MathF.Sqrt(32), MathF.Sqrt(17)] },
        { "Slice", "\"shape\": [1, 2]", "[1, 1]", [4, 1] },
        { "TakeAlongAxis", "\"axis\": 1", "[[2], [1]]", [2, 4] },
        { "Repeat", "\"repeats\": [1, 0, 2], \"axis\": 1", "", [3, 2, 2, 0, 1, 1] },
        { "Tensordot", "\"axes\": 1", "[[1], [2], [3]]", [7, 11] },
        { "Inner", "", "[[1, 2, 3]]", [7, 11] },
        { "Einsum", "\"subscripts\": \"bi,i,i->b\"", "[1, 2, 3], [1, 1, 2]", [3 - 2 + 12, 0 + 8 + 6] },
        { "Outer", "", "[1, 10]", [3, 30, -1, -10, 2, 20, 0, 0, 4, 40, 1, 10] },
        { "NanToNum", "", "", [3, -1, 2, 0, 4, 1] },
        { "Deg2rad", "", "", [3 * MathF.PI / 180, -MathF.PI / 180, MathF.PI / 90, 0, MathF.PI / 45, MathF.PI / 180] },
        { "LayerNorm", "\"axis\": [-1], \"epsilon\": 0, \"rms_scaling\": true", "", [3 / Deviation(26f / 9), -1 / Deviation(26f / 9), 2 / Deviation(26f / 9), 0, 4 / Deviation(26f / 9), 1 / Deviation(26f / 9)] },
        { "RMSNorm", "\"axis\": [-1], \"epsilon\": 0", "[1, 1, 2]", [3 / Deviation(14f / 3), -1 / Deviation(14f / 3), 4 / Deviation(14f / 3), 0, 4 / Deviation(17f / 3), 2 / Deviation(17f / 3)] },
        { "BatchNorm", "\"axis\": -1, \"epsilon\": 0", "[0, 0, 0], [1, 4, 1], [1, 1, 1]", [4, 0.5f, 3, 1, 3, 2] },
    };

    private static float Deviation(float variance) => MathF.Sqrt(variance);

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_gives_what_is_computed_by_hand(string className, string config, string arguments, float[] expected)
    {
        float[] actual = new SmallModel("null, 3").Operation(className, config, arguments).Run([2, 3], 3, -1, 2, 0, 4, 1);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void A_softmax_over_no_axis_is_one_over_all_elements() =>
        Assert.Equal(1, new SmallModel("null, 3").Layer("Softmax", "\"axis\": null", "keras.src.ops.nn").Run([2, 3], 3, -1, 2, 0, 4, 1).Sum(), Tolerance);

    [Fact]
    public void Integers_between_whole_numbers_stay_integers() =>
        Assert.Equal([1, 2, 3], new SmallModel("null, 3", "int32").Operation("Clip", "\"x_min\": 1, \"x_max\": 3").Run<int, int>([1, 3], 0, 2, 9));

    [Fact]
    public void The_sum_of_flags_is_a_flag() =>
        Assert.Equal([true, true], new SmallModel("null, 2").Operation("Greater", arguments: "1").Operation("Add", arguments: "true").Run<float, bool>([1, 2], 0, 2));

    [Fact]
    public void Flags_are_counted_by_sums() =>
        Assert.Equal([2], new SmallModel("null, 3").Operation("Greater", arguments: "1").Operation("Sum", "\"axis\": [1]").Run<float, int>([1, 3], 0, 2, 3));

    [Fact]
    public void Counted_are_elements_that_are_not_zero() =>
        Assert.Equal([3, 2], new SmallModel("null, 3").Operation("CountNonzero", "\"axis\": [1]").Run<float, int>([2, 3], 3, -1, 2, 0, 4, 1));

    [Fact]
    public void Products_of_integers_are_integers() =>
        Assert.Equal([14], new SmallModel("null, 3", "int32").Operation("Inner", arguments: "[1, 2, 3]").Run<int, int>([1, 3], 1, 2, 3));

    [Fact]
    public void A_shape_may_be_computed() =>
        Assert.Equal(6, new SmallModel("null, 3").Operation("Reshape", "\"newshape\": [3, -1]").Run([2, 3], 3, -1, 2, 0, 4, 1).Length);

    [Fact]
    public void Pictures_are_cropped_and_padded()
    {
        const string Module = "keras.src.ops.image";
        SmallModel model = new SmallModel("null, 2, 3, 1")
            .Layer("CropImages", "\"top_cropping\": 1, \"left_cropping\": null, \"right_cropping\": 1, \"target_height\": 1, \"target_width\": 2", Module)
            .Layer("PadImages", "\"top_padding\": 0, \"left_padding\": 1, \"target_height\": 2, \"target_width\": 3", Module);
        Assert.Equal([0, 4, 5, 0, 0, 0], model.Run([1, 2, 3, 1], 1, 2, 3, 4, 5, 6));
    }

    [Fact]
    public void Convolutions_have_kernels_that_the_file_holds() =>
        Assert.Equal([5, 8], new SmallModel("null, 3, 1").Layer("Conv", "\"strides\": 1, \"padding\": \"valid\"", "keras.src.ops.nn", "[[[1.0]], [[2.0]]]").Run([1, 3, 1], 1, 2, 3));

    [Theory]
    [InlineData("Norm", "\"ord\": 1, \"axis\": [0, 1]", "a norm of matrices")]
    [InlineData("Diff", "\"n\": 2", "differences of differences")]
    [InlineData("FFT", "", "the function FFT")]
    public void What_is_not_computed_is_refused(string className, string config, string fact) =>
        Assert.Contains(fact, new SmallModel("null, 3").Operation(className, config).Refusal().Message, StringComparison.Ordinal);
}
