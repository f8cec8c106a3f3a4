using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Format;

/// <summary>One tensor of a subgraph, as the file describes it.</summary>
internal sealed class Tensor
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required TensorType Type { get; init; }

    /// <summary>Dimensions as stored; an open one is 1 here and -1 in <see cref="ShapeSignature"/>.</summary>
    public required int[] Shape { get; init; }

    /// <summary>Dimensions with -1 where open; equals <see cref="Shape"/> where the file has no signature.</summary>
    public required int[] ShapeSignature { get; init; }

    /// <summary>False where any number of dimensions will do: the file lists none, and does not say that there are none.</summary>
    public required bool HasRank { get; init; }

    /// <summary>The same as a shape rule sees it.</summary>
    public Shape DeclaredShape => Shapes.Shape.Of([.. ShapeSignature.Select((dimension, axis) => dimension >= 0 ? dimension : Dimension.Symbol($"{Name}.{axis}"))]);

    public required QuantizationParameters? Quantization { get; init; }

    /// <summary>Scales of blocks along the last dimension, where the file has these instead.</summary>
    public BlockwiseScales? Blockwise { get; set; }

    public required bool IsVariable { get; init; }

    /// <summary>Where the constant's bytes lie in the file; null where the tensor is computed.</summary>
    public required Range? Data { get; init; }

    /// <summary>How the elements are stored where zeros are left out.</summary>
    public Sparsity? Sparsity { get; init; }

    public bool IsConstant => Data is not null;
}
