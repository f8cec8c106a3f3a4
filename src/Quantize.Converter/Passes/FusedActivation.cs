using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Passes;

/// <summary>The activation field of the option tables that have one.</summary>
internal static class FusedActivation
{
    /// <summary>The activation an operator applies to its result; null where its options cannot have one.</summary>
    public static ActivationFunction? Of(OperatorOptions options) => options switch
    {
        Conv2DOptions conv => conv.Activation,
        DepthwiseConv2DOptions depthwise => depthwise.Activation,
        FullyConnectedOptions fullyConnected => fullyConnected.Activation,
        TransposeConvOptions transposed => transposed.Activation,
        Conv3DOptions volume => volume.Activation,
        AddOptions add => add.Activation,
        SubOptions sub => sub.Activation,
        MulOptions mul => mul.Activation,
        DivOptions div => div.Activation,
        _ => null,
    };

    public static OperatorOptions With(OperatorOptions options, ActivationFunction activation) => options switch
    {
        Conv2DOptions conv => conv with { Activation = activation },
        DepthwiseConv2DOptions depthwise => depthwise with { Activation = activation },
        FullyConnectedOptions fullyConnected => fullyConnected with { Activation = activation },
        TransposeConvOptions transposed => transposed with { Activation = activation },
        Conv3DOptions volume => volume with { Activation = activation },
        AddOptions add => add with { Activation = activation },
        SubOptions sub => sub with { Activation = activation },
        MulOptions mul => mul with { Activation = activation },
        DivOptions div => div with { Activation = activation },
        _ => throw new InvalidOperationException($"{options.GetType().Name} has no activation"),
    };
}
