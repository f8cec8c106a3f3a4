using System.Numerics;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>Picks the <see cref="RescaleStep{TSource, TTarget}"/> for the types of the input and the output.</summary>
internal static class Rescaling
{
    public static Step Prepare(PrepareContext context, CodeRange range, string name) => context.Input(0).Type switch
    {
        TensorType.Int8 => Of8Bits<sbyte>(context, range, name),
        TensorType.UInt8 => Of8Bits<byte>(context, range, name),
        TensorType.Int16 => To<short>(context, range, name),
        TensorType.Int32 => To<int>(context, range, name),
        TensorType type => throw context.Fail($"has {type} input, for which there is no kernel"),
    };

    /// <summary>A step that only moves codes, followed by another scale where the output has one: Google's kernels would leave the codes as they are.</summary>
    public static Step AfterMove(PrepareContext context, Step move)
    {
        TensorSlot input = context.Input(0), output = context.Output(0);
        if (input.Quantization is null || output.Quantization is null || input.Type is not (TensorType.Int8 or TensorType.UInt8 or TensorType.Int16))
            return move;
        TensorScale from = TensorScale.Of(input, context), to = TensorScale.Of(output, context);
        if (from == to)
            return move;
        CodeRange range = CodeRange.Of(output.Type, context);
        return new CompositeStep($"{move.Kernel}, rescale", move, output.Type switch
        {
            TensorType.Int8 => new RescaleInPlaceStep<sbyte>(output, from, to, range),
            TensorType.UInt8 => new RescaleInPlaceStep<byte>(output, from, to, range),
            _ => new RescaleInPlaceStep<short>(output, from, to, range),
        });
    }

    private static Step To<TSource>(PrepareContext context, CodeRange range, string name)
        where TSource : unmanaged, IBinaryInteger<TSource> => context.Output(0).Type switch
        {
            TensorType.Int8 => new RescaleStep<TSource, sbyte>(context, range, name),
            TensorType.UInt8 => new RescaleStep<TSource, byte>(context, range, name),
            TensorType.Int16 => new RescaleStep<TSource, short>(context, range, name),
            TensorType.Int32 => new RescaleStep<TSource, int>(context, range, name),
            TensorType type => throw context.Fail($"makes {type} of {context.Input(0).Type}, for which there is no kernel"),
        };

    /// <summary>There are only 256 codes.</summary>
    private static Step Of8Bits<TSource>(PrepareContext context, CodeRange range, string name)
        where TSource : unmanaged, IBinaryInteger<TSource>, IMinMaxValue<TSource> => context.Output(0).Type switch
        {
            TensorType.Int8 => Table<TSource, sbyte>(context, range, name),
            TensorType.UInt8 => Table<TSource, byte>(context, range, name),
            TensorType.Int16 => Table<TSource, short>(context, range, name),
            TensorType type => throw context.Fail($"makes {type} of {context.Input(0).Type}, for which there is no kernel"),
        };

    private static CodeTableStep<TSource, TTarget> Table<TSource, TTarget>(PrepareContext context, CodeRange range, string name)
        where TSource : unmanaged, IBinaryInteger<TSource>, IMinMaxValue<TSource>
        where TTarget : unmanaged, IBinaryInteger<TTarget>
    {
        var rescale = new RescaleStep<TSource, TTarget>(context, range, name);
        int lowest = int.CreateTruncating(TSource.MinValue);
        return new(context.Input(0), context.Output(0), [.. Enumerable.Range(lowest, 256).Select(code => rescale.Code(code))], name);
    }
}
