using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The options that the LSTM operators share; a clip of 0 is none.</summary>
internal sealed record LstmSettings(CellActivation Activation, float CellClip, float ProjectionClip, bool Asymmetric)
{
    public static LstmSettings Of(PrepareContext context, ActivationFunction activation, float cellClip, float projectionClip, bool asymmetric) => cellClip >= 0 && projectionClip >= 0
        ? new(RecurrentTensors.Activation(context, activation), cellClip, projectionClip, asymmetric)
        : throw context.Fail($"clips its cell at {cellClip} and its projection at {projectionClip}, which are no limits");

    public static LstmSettings Of(PrepareContext context, LstmOptions options) =>
        Of(context, options.Activation, options.CellClip, options.ProjClip, options.AsymmetricQuantizeInputs);

    public static LstmSettings Of(PrepareContext context, UnidirectionalSequenceLstmOptions options) =>
        Of(context, options.Activation, options.CellClip, options.ProjClip, options.AsymmetricQuantizeInputs);

    public static LstmSettings Of(PrepareContext context, BidirectionalSequenceLstmOptions options) =>
        Of(context, options.Activation, options.CellClip, options.ProjClip, options.AsymmetricQuantizeInputs);
}
