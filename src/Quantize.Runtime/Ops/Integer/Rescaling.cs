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

    private static Step To<TSource>(PrepareContext context, CodeRange range, string name)
        where TSource : unmanaged, IBinaryInteger<TSource> => context.Output(0).Type switch
        {
            TensorType.Int8 => new RescaleStep<TSource, sbyte>(context, range, name),
            TensorType.UInt8 => new RescaleStep<TSource, byte>(context, range, name),
            TensorType.Int16 => new RescaleStep<TSource, short>(context, range, name),
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
