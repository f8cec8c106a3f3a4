using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Shape rules of the sliding windows over [batch, height, width, channels].</summary>
internal static class ConvolutionShapes
{
    /// <summary>Filter [outputChannels, height, width, inputChannels / groups].</summary>
    public static void Conv2D(ShapeContext context)
    {
        var options = context.OptionsAs<Conv2DOptions>();
        Shape input = context.Shape(0, rank: 4);
        Shape filter = context.Shape(1, rank: 4);
        if (!input.HasRank || !filter.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        CheckChannels(context, input[3], filter[3], filter[0]);
        context.Output(0, context.Type(0), Shape.Of(
            input[0],
            ShapeRules.Window(context, input[1], filter[1].Value, options.StrideH, options.DilationH, options.Padding),
            ShapeRules.Window(context, input[2], filter[2].Value, options.StrideW, options.DilationW, options.Padding),
            filter[0]));
    }

    /// <summary>Filter [1, height, width, inputChannels * multiplier].</summary>
    public static void DepthwiseConv2D(ShapeContext context)
    {
        var options = context.OptionsAs<DepthwiseConv2DOptions>();
        Shape input = context.Shape(0, rank: 4);
        Shape filter = context.Shape(1, rank: 4);
        if (!input.HasRank || !filter.HasRank)
        {
            context.Output(0, context.Type(0), Shape.Unknown);
            return;
        }

        if (filter[0] != 1)
            throw context.Fail($"has a filter of shape {filter}, whose first dimension is not 1");
        if (input[3].IsKnown && (input[3].Value == 0 || filter[3].Value % input[3].Value != 0))
            throw context.Fail($"has {input[3]} input channels and {filter[3]} filter channels, no multiple of them");
        context.Output(0, context.Type(0), Shape.Of(
            input[0],
            ShapeRules.Window(context, input[1], filter[1].Value, options.StrideH, options.DilationH, options.Padding),
            ShapeRules.Window(context, input[2], filter[2].Value, options.StrideW, options.DilationW, options.Padding),
            filter[3]));
    }

    public static void Pool2D(ShapeContext context)
    {
        var options = context.OptionsAs<Pool2DOptions>();
        Shape input = context.Shape(0, rank: 4);
        context.Output(0, context.Type(0), !input.HasRank ? Shape.Unknown : Shape.Of(
            input[0],
            ShapeRules.Window(context, input[1], options.FilterHeight, options.StrideH, 1, options.Padding),
            ShapeRules.Window(context, input[2], options.FilterWidth, options.StrideW, 1, options.Padding),
            input[3]));
    }

    private static void CheckChannels(ShapeContext context, Dimension inputChannels, Dimension filterChannels, Dimension outputChannels)
    {
        if (!inputChannels.IsKnown)
            return;
        bool grouped = filterChannels.Value > 0 && inputChannels.Value % filterChannels.Value == 0
            && inputChannels.Value > 0 && outputChannels.Value % (inputChannels.Value / filterChannels.Value) == 0;
        if (!grouped)
            throw context.Fail($"has {inputChannels} input channels, but its filter is made for {filterChannels}");
    }
}
