using Quantize.Build;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>A GraphDef on its own, whose weights are constants.</summary>
internal static class FrozenGraphReader
{
    public static TfModel Read(string file, TfReadOptions options)
    {
        GraphDef definition = ProtobufFile.Read(file, GraphDef.Parser, MessagePart.Graph, "GraphDef");
        if (definition.Node.Count == 0)
            throw new ConversionException(DiagnosticTable.UnknownFormat, file, "read as a GraphDef it has no node");

        TfGraph graph = GraphDefReader.Read(definition.Node, file);
        var library = new FunctionLibrary(definition.Library, null, file);
        IReadOnlyList<ModelDiagnostic> warnings = TrainingSwitches.Settle(graph);
        TfSignature signature = FrozenSignature.Find(graph, options);
        return GraphPreparation.Run(graph, [signature], library, SavedState.None(file)) with { Warnings = warnings };
    }
}
