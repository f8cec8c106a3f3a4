using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>A constant bias of integers, in the scale of the sums; empty where there is none.</summary>
internal static class IntegerBias
{
    public static int[] Narrow(PrepareContext context, int input, int channels) => Checked(context, input, channels, TensorType.Int32) is { } bias ? context.Constant<int>(bias).ToArray() : [];

    /// <summary>For sums of 64 bits: int64, or int32 as some converters write it.</summary>
    public static long[] Wide(PrepareContext context, int input, int channels) =>
        context.OptionalInput(input) is { Type: TensorType.Int32 }
            ? [.. Narrow(context, input, channels).Select(value => (long)value)]
            : Checked(context, input, channels, TensorType.Int64) is { } bias ? context.Constant<long>(bias).ToArray() : new long[channels];

    private static TensorSlot? Checked(PrepareContext context, int input, int channels, TensorType type)
    {
        TensorSlot? bias = context.OptionalInput(input);
        if (bias is not null && (bias.Type != type || bias.ElementCount != channels))
            throw context.Fail($"has a bias of {bias.ElementCount} {bias.Type}s for {channels} outputs, where {type}s are wanted");
        return bias;
    }
}
