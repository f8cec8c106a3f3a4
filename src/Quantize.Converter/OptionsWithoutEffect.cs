using Quantize.Build;
using Quantize.Converter.Quantization;

namespace Quantize.Converter;

/// <summary>Options that do not get what they ask for, each with the reason. A wish that the model fulfils as it is needs no word.</summary>
internal static class OptionsWithoutEffect
{
    private const string GraphStays = "a .tflite file keeps its graph, which only a conversion of the original model changes";

    private const string LayersTell = "a Keras model tells its own inputs and outputs";

    private static readonly Rule[] s_rules =
    [
        new(ModelOption.Batch, GraphStays, (request, facts) => facts.Source == ModelSource.TfLite && request.Batch is not null),
        new(ModelOption.InputArrays, GraphStays, (request, facts) => facts.Source == ModelSource.TfLite && request.InputArrays.Count > 0),
        new(ModelOption.InputShapes, GraphStays, (request, facts) => facts.Source == ModelSource.TfLite && request.InputShapes.Count > 0),
        new(ModelOption.OutputArrays, GraphStays, (request, facts) => facts.Source == ModelSource.TfLite && request.OutputArrays.Count > 0),
        new(ModelOption.InputArrays, LayersTell, (request, facts) => facts.Source == ModelSource.Keras && request.InputArrays.Count > 0),
        new(ModelOption.OutputArrays, LayersTell, (request, facts) => facts.Source == ModelSource.Keras && request.OutputArrays.Count > 0),
        new(ModelOption.CustomOperators, "the model has no operator that the runtime lacks", (request, facts) => request.CustomOperators is not null && !facts.HasCustomOperators),
        new(ModelOption.Tags, "only the graphs of a SavedModel have tags", (request, facts) => facts.Source != ModelSource.SavedModel && request.Tags.Count > 0),
        new(ModelOption.KeepFloat, "a .tflite file keeps its weights unless a quantization is asked for", (request, facts) => facts.Source == ModelSource.TfLite && !request.Quantizes && request.KeepFloat.Count > 0),
        new(ModelOption.Quantization, "the weights have 8 bits already, and stay so", (request, facts) => request.Quantization == QuantizationScheme.None && facts.Weights.Any),
        new(ModelOption.Arithmetic, "no operator computes floats with 8-bit weights", (request, facts) => request.Arithmetic == ArithmeticForm.Fast && !facts.Weights.MeetFloats),
    ];

    public static IEnumerable<ModelDiagnostic> Find(ConversionRequest request, ConversionFacts facts) =>
        from rule in s_rules
        where rule.Applies(request, facts)
        select new ModelDiagnostic(DiagnosticTable.OptionWithoutEffect, request.ModelPath, rule.Reason) { Option = rule.Option };

    private sealed record Rule(ModelOption Option, string Reason, Func<ConversionRequest, ConversionFacts, bool> Applies);
}
