using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Integer;

/// <summary>A convolution or dense layer over codes: what its two steps, for 8 and for 16 bits, have in common.</summary>
internal sealed record IntegerLayer(PrepareContext Context, TensorSlot Source, TensorSlot Filter, int BiasInput, GemmGeometry Product, ConvolutionGeometry? Geometry, ActivationFunction Activation, string Name)
{
    private const int BlockSums = 8192;

    private bool AnnouncesWideBias => Context.Options is FullyConnectedOptions { QuantizedBiasType: TensorType.Int64 };

    public TensorSlot Target { get; } = Context.Output(0);

    public int Outputs => Filter.Shape[0];

    public int Groups => Geometry?.Groups ?? 1;

    public int Items => Geometry is null ? 1 : Source.Shape[0];

    /// <summary>Whether Google's kernels keep sums of 16-bit codes in 32 bits: in dense layers, and where the bias has no more.</summary>
    public bool SumsAreNarrow => (Geometry is null && !RoundsInDoubles) || Context.OptionalInput(BiasInput)?.Type == TensorType.Int32;

    /// <summary>Whether Google's kernel of dense layers rounds exact sums in doubles: for a bias of 64 bits, there or announced.</summary>
    public bool RoundsInDoubles => Geometry is null && (Context.OptionalInput(BiasInput) is { } bias ? bias.Type == TensorType.Int64 : AnnouncesWideBias);

    public string Kernel => $"{Context.Kernels.Name} {Name} {Source.Type}";

    public Step Prepare() => (Source.Type, Target.Type) switch
    {
        (TensorType.Int8 or TensorType.UInt8, TensorType.Int8) => new IntegerProductStep<sbyte>(this),
        (TensorType.Int8 or TensorType.UInt8, TensorType.UInt8) => new IntegerProductStep<byte>(this),
        (TensorType.Int8 or TensorType.UInt8, TensorType.Int16) => new IntegerProductStep<short>(this),
        (TensorType.Int16, TensorType.Int16) => new WideProductStep(this),
        _ => throw Context.Fail($"computes {Target.Type} of {Source.Type} and {Filter.Type}, for which there is no kernel"),
    };

    public IntegerInput Input(int copies = 1) => new(Context, Source, Geometry?.InputLength ?? Source.ElementCount, Geometry, copies);

    public Requantization Requantization() => Requantizations.Of(
        Context, Source, Filter, axis: 0, Target, Activation, floatProduct: Source.Type == TensorType.UInt8 || (Geometry is null && Filter.Quantization is { PerChannel: false }),
        Groups > 1 ? FixedPointRounding.Twice : FixedPointRounding.TwiceUp);

    /// <summary>Rows of one block: whole tiles, so many that their sums stay in the first-level cache.</summary>
    public int BlockRows(int rowLength) => Math.Clamp(BlockSums / Math.Max(1, rowLength) / Tiling.Rows * Tiling.Rows, Tiling.Rows, Math.Max(Tiling.Rows, Product.Rows));
}
