using System.Globalization;
using Quantize.Build;
using Quantize.Converter.Emission;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras;
using Quantize.Converter.Keras.Files;
using Quantize.Converter.Labels;
using Quantize.Converter.Ops;
using Quantize.Converter.Passes;
using Quantize.Converter.Quantization;
using Quantize.Converter.Reports;
using Quantize.Converter.TensorFlow;
using Quantize.Converter.TfLite;
using Quantize.Runtime;

namespace Quantize.Converter;

/// <summary>Turns a model into a .tflite file and its signature.</summary>
public static class ModelConverter
{
    /// <summary>Converts one model.</summary>
    /// <exception cref="ConversionException">The model cannot be converted; it tells every reason.</exception>
    public static ConversionResult Convert(ConversionRequest request, IProgress<ConversionProgress>? progress = null)
    {
        if (TfLiteSource.IsTfLite(request.ModelPath))
            return TfLiteSource.Take(request) ?? Rewrite(request, progress);

        request = request with { Quantization = request.Quantization ?? QuantizationScheme.DynamicRange };
        if (KerasFileReader.IsKeras(request.ModelPath))
            return ConvertKeras(request, progress);
        ModelSource source = TensorFlowReader.IsSavedModel(request.ModelPath) ? ModelSource.SavedModel : ModelSource.FrozenGraph;
        (Module module, IReadOnlyList<ModelDiagnostic> warnings) = Import(request, progress);
        ConversionResult result = Convert(module, request, source, progress);
        return request.SignatureOnly ? result : result with { Warnings = [.. warnings, .. result.Warnings] };
    }

    /// <summary>Weights stay in the file until a pass asks for them.</summary>
    private static ConversionResult ConvertKeras(ConversionRequest request, IProgress<ConversionProgress>? progress)
    {
        progress?.Report(new ConversionProgress("read", 0));
        using KerasFile file = KerasFileReader.Read(request.ModelPath);
        progress?.Report(new ConversionProgress("import", 0.1));
        return Convert(KerasImporter.Import(file, request.Batch, request.SignatureKey), request, ModelSource.Keras, progress);
    }

    private static ConversionResult Convert(Module module, ConversionRequest request, ModelSource source, IProgress<ConversionProgress>? progress)
    {
        ModelSignature signature = GivenLabels.Apply(SignatureEmitter.Describe(module, request), request);
        return request.SignatureOnly
            ? new ConversionResult { Model = ReadOnlyMemory<byte>.Empty, Signature = signature }
            : Finish(module, signature, request, source, progress);
    }

    /// <summary>What was read is let go when this returns: the module alone holds weights, and its passes replace them one by one.</summary>
    private static (Module Module, IReadOnlyList<ModelDiagnostic> Warnings) Import(ConversionRequest request, IProgress<ConversionProgress>? progress)
    {
        progress?.Report(new ConversionProgress("read", 0));
        TfModel model = TensorFlowReader.Read(request.ModelPath, ReadOptions(request));
        progress?.Report(new ConversionProgress("import", 0.1));
        return (ModuleImporter.Import(model, request.ModelPath, request.InputShapes, request.Batch, request.SignatureOnly), model.Warnings);
    }

    private static ConversionResult Finish(Module module, ModelSignature signature, ConversionRequest request, ModelSource source, IProgress<ConversionProgress>? progress)
    {
        progress?.Report(new ConversionProgress("simplify", 0.2));
        PassPipeline.Run(module, request.ModelPath);
        return Quantize(module, signature, request, source, progress);
    }

    /// <summary>Float weights of a .tflite become 8-bit ones, or its arithmetic another; everything else stays as it is.</summary>
    private static ConversionResult Rewrite(ConversionRequest request, IProgress<ConversionProgress>? progress)
    {
        progress?.Report(new ConversionProgress("read", 0));
        (Module module, ModelSignature signature, IReadOnlyList<ModelDiagnostic> warnings) = TfLiteSource.Open(request);
        ConversionResult result = Quantize(module, signature, request with { Arithmetic = Enum.Parse<ArithmeticForm>(signature.Arithmetic) }, ModelSource.TfLite, progress);
        return result with { Warnings = [.. warnings, .. result.Warnings] };
    }

    private static ConversionResult Quantize(Module module, ModelSignature signature, ConversionRequest request, ModelSource source, IProgress<ConversionProgress>? progress)
    {
        long floatBytes = TfLiteEmitter.Measure(module);
        progress?.Report(new ConversionProgress("quantize", 0.6));
        var kept = new KeptFloat(request.KeepFloat);
        IReadOnlyList<WeightReport> trained = request.Quantizes && source != ModelSource.TfLite ? TrainedIntegers.Run(module, kept) : [];
        IReadOnlyList<WeightReport> weights = [.. trained, .. WeightQuantizer.Run(module, request.Quantization ?? QuantizationScheme.None, kept)];
        RuntimeSupport.Check(module, request.ModelPath);
        progress?.Report(new ConversionProgress("write", 0.9));
        var facts = new ConversionFacts(source, EightBitWeights.Of(module), signature.CustomOperators.Length > 0);
        ReadOnlyMemory<byte> model = Write(module, facts, request);
        progress?.Report(new ConversionProgress("done", 1));
        IEnumerable<string> unused = request.Quantizes ? kept.Unused : [];
        return new ConversionResult
        {
            Model = model,
            Report = new ConversionReport(weights, floatBytes, model.Length),
            Warnings =
            [
                .. OptionsWithoutEffect.Find(request, facts),
                .. unused.Select(pattern => new ModelDiagnostic(DiagnosticTable.KeepFloatFindsNothing, request.ModelPath, pattern, Names(weights))),
            ],
            Signature = SignatureEmitter.WithFigures(signature, module, floatBytes, model.Length),
        };
    }

    private static string Names(IReadOnlyList<WeightReport> weights)
    {
        const int Most = 12;
        IEnumerable<string> names = weights.Take(Most).Select(weight => $"'{weight.Node}'");
        return string.Join(", ", weights.Count > Most ? names.Append($"and {weights.Count - Most} more") : names);
    }

    private static ReadOnlyMemory<byte> Write(Module module, ConversionFacts facts, ConversionRequest request)
    {
        long size = TfLiteEmitter.Measure(module);
        if (size > Array.MaxLength)
            throw new ConversionException(DiagnosticTable.OutputTooLarge, request.ModelPath, size.ToString(CultureInfo.InvariantCulture));
        return TfLiteEmitter.Emit(module, [.. Metadata(module, facts, request)]);
    }

    /// <summary>What only our runtime asks for.</summary>
    private static IEnumerable<(string Name, string Text)> Metadata(Module module, ConversionFacts facts, ConversionRequest request)
    {
        if (facts.Weights.MeetFloats)
            yield return (CompiledModel.ArithmeticMetadata, request.Form.ToString());
        if (module.Graphs.Any(graph => graph.Variables().Any(variable => variable.BeginsAnew)))
            yield return (CompiledModel.StateMetadata, CompiledModel.StateOfOneRun);
    }

    private static TfReadOptions ReadOptions(ConversionRequest request) => new()
    {
        Tags = request.Tags,
        SignatureKey = request.SignatureKey,
        InputArrays = request.InputArrays,
        OutputArrays = request.OutputArrays,
        SignatureOnly = request.SignatureOnly,
    };
}
