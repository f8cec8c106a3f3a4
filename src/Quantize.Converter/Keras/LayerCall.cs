using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Operations;
using Quantize.Converter.Keras.Weights;
using Quantize.Runtime;

namespace Quantize.Converter.Keras;

/// <summary>One call of one layer or operation: its row's importer, the types that Keras gives to the results, and their masks.</summary>
internal static class LayerCall
{
    public static KerasTensor[] Import(LayerContext context)
    {
        if (context.Object.IsOperation)
            return ImportOperation(context);
        LayerRow row = KerasLayers.Table.GetValueOrDefault(context.Object.ClassName) ?? throw context.Refuse("it is not supported");
        CheckWeights(context);
        Value[] results = row.Import(context);
        TensorType type = DataTypes.ComputedBy(context.Config);
        return [.. results.Select((result, i) => new KerasTensor(result, TypeOf(result, type), MaskOf(context, row, i)))];
    }

    /// <summary>Weights in a form of Keras's own that this file does not tell enough of, or that nothing here computes with.</summary>
    private static void CheckWeights(LayerContext context)
    {
        string? quantization = DataTypes.QuantizationOf(context.Config);
        if (quantization is not (null or "int8" or "int4"))
            throw context.Refuse($"Keras has quantized it as {quantization}; save the model before it is quantized");
        if (context.Weights is ListedWeights && (quantization is not null || context.Config.Has("lora_rank")))
            throw context.Refuse($"it has {(quantization is null ? "LoRA matrices" : "quantized weights")}, which a .h5 file does not hold in a form that can be told apart; save it as .keras");
    }

    /// <summary>Results of an operation have the type of its first operand of floats.</summary>
    private static KerasTensor[] ImportOperation(LayerContext context)
    {
        var call = new OperationCall(context);
        Value[] results = KerasOperations.Import(call);
        TensorType type = call.ResultType ?? context.Inputs.FirstOrDefault(input => DataTypes.IsFloat(input.Type))?.Type ?? TensorType.Float32;
        return [.. results.Select(result => new KerasTensor(result, TypeOf(result, type)))];
    }

    private static TensorType TypeOf(Value result, TensorType floats) => DataTypes.IsFloat(result.Type) && DataTypes.IsFloat(floats) ? floats : result.Type;

    private static Value? MaskOf(LayerContext context, LayerRow row, int result) => row.Mask switch
    {
        MaskRule.Passed when result == 0 => context.Mask,
        MaskRule.Computed when result < context.OutputMasks.Length => context.OutputMasks[result],
        _ => null,
    };
}
