using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Ops;

/// <summary>
/// Makes one graph for each signature, the default one first. Signatures that name the same tensors in the same order share a graph.
/// </summary>
internal sealed class ModuleImporter
{
    private const string DefaultKey = "serving_default";

    private readonly string _file;
    private readonly InputShapes _shapes;
    private readonly List<(TfSignature Signature, Graph Graph)> _imported = [];
    private readonly List<ModelDiagnostic> _problems = [];

    private ModuleImporter(string file, InputShapes shapes)
    {
        _file = file;
        _shapes = shapes;
    }

    /// <exception cref="ConversionException">
    /// Something cannot be imported: all of it is told at once. Where <paramref name="signatureOnly"/> is set, only what keeps the signatures from being
    /// known counts.
    /// </exception>
    public static Module Import(TfModel model, string file, IReadOnlyList<string> inputShapes, int? batch, bool signatureOnly)
    {
        var importer = new ModuleImporter(file, new InputShapes(model.Graph, GivenShapes.Read(inputShapes, model, file), batch));
        EntryPoint[] entryPoints = [.. model.Signatures.OrderBy(signature => signature.Key != DefaultKey).Select(importer.Import)];
        bool isUsable = signatureOnly && importer._imported.TrueForAll(pair => pair.Graph.Inputs.Concat(pair.Graph.Outputs).All(value => value.Shape.HasRank));
        if (importer._problems.Count > 0 && !isUsable)
            throw new ConversionException([.. importer.WithoutConsequences().OrderBy(problem => problem.Arguments[0], StringComparer.Ordinal)]);
        return new Module([.. importer._imported.Select(pair => pair.Graph)], entryPoints);
    }

    /// <summary>
    /// Each problem once; a constant of a type that is not supported (a parser's keys) is not worth a word where its reader is not supported either.
    /// </summary>
    private IEnumerable<ModelDiagnostic> WithoutConsequences()
    {
        ModelDiagnostic[] all = [.. _problems.DistinctBy(problem => problem.ToString())];
        ModelDiagnostic[] withoutConstants = [.. all.Where(problem => problem.Arguments[1] != "Const")];
        return withoutConstants.Length > 0 ? withoutConstants : all;
    }

    private EntryPoint Import(TfSignature signature)
    {
        Graph graph = _imported.Find(pair => HasSameTensors(pair.Signature, signature)).Graph ?? ImportGraph(signature);
        return new EntryPoint(signature.Key, graph, [.. signature.Inputs.Select(input => input.Key)], [.. signature.Outputs.Select(output => output.Key)]);
    }

    private Graph ImportGraph(TfSignature signature)
    {
        (Graph graph, IReadOnlyList<ModelDiagnostic> problems) = GraphImporter.Import(signature, _shapes, _file);
        _imported.Add((signature, graph));
        _problems.AddRange(problems);
        return graph;
    }

    private static bool HasSameTensors(TfSignature a, TfSignature b) =>
        a.Inputs.Select(input => (input.Key, input.Edge)).SequenceEqual(b.Inputs.Select(input => (input.Key, input.Edge)))
        && a.Outputs.Select(output => output.Edge).SequenceEqual(b.Outputs.Select(output => output.Edge));
}
