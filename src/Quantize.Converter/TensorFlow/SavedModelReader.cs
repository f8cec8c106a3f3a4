using Quantize.Build;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>A SavedModel: the MetaGraph of the tags wanted, its signatures, and the variables beside it.</summary>
internal static class SavedModelReader
{
    private const string DefaultTag = "serve";

    public static TfModel Read(string file, TfReadOptions options)
    {
        SavedModel model = ProtobufFile.Read(file, SavedModel.Parser, MessagePart.SavedModel, "SavedModel");
        MetaGraphDef meta = Choose(model, options.Tags, file);
        if (meta.GraphDef is null)
            throw ConversionException.Damaged(file, "its graph is missing");

        TfGraph graph = GraphDefReader.Read(meta.GraphDef.Node, file);
        var library = new FunctionLibrary(meta.GraphDef.Library, meta.MetaInfoDef?.StrippedOpList, file);
        SavedState state = SavedState.Of(file, meta, valuesNeeded: !options.SignatureOnly);
        state.UseObjectGraph(CapturedVariables.Find(graph, meta.ObjectGraphDef));
        IReadOnlyList<ModelDiagnostic> warnings = TrainingSwitches.Settle(graph);
        return GraphPreparation.Run(graph, Signatures(meta, graph, library, options), library, state) with { Warnings = warnings };
    }

    private static IReadOnlyList<TfSignature> Signatures(MetaGraphDef meta, TfGraph graph, FunctionLibrary library, TfReadOptions options)
    {
        if (options.InputArrays.Count + options.OutputArrays.Count > 0)
            return [FrozenSignature.Find(graph, options)];
        return [.. SignatureReader.Read(meta, graph, options.SignatureKey).Select(signature => ArgumentOrder.Apply(signature, library))];
    }

    private static MetaGraphDef Choose(SavedModel model, IReadOnlyList<string> tags, string file)
    {
        if (model.MetaGraphs.Count == 0)
            throw ConversionException.Damaged(file, "it holds no graph");
        if (tags.Count == 0 && model.MetaGraphs.Count == 1)
            return model.MetaGraphs[0];
        string wanted = Text(tags.Count == 0 ? [DefaultTag] : tags);
        string[] found = [.. model.MetaGraphs.Select(meta => Text(meta.MetaInfoDef?.Tags ?? []))];
        int index = Array.IndexOf(found, wanted);
        return index >= 0
            ? model.MetaGraphs[index]
            : throw new ConversionException(DiagnosticTable.MetaGraphNotFound, file, wanted, string.Join("; ", found.Select(text => $"'{text}'")));
    }

    private static string Text(IEnumerable<string> tags) => string.Join(',', tags.Distinct().Order(StringComparer.Ordinal));
}
