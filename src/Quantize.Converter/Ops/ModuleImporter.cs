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
    private readonly IReadOnlyDictionary<string, TfFunction> _functions;
    private readonly List<(TfSignature Signature, Graph Graph)> _imported = [];
    private readonly List<ModelDiagnostic> _problems = [];
    private readonly HashSet<Graph> _faulty = [];

    private ModuleImporter(string file, TfModel model, InputShapes shapes)
    {
        _file = file;
        _functions = model.Graph.Functions;
        _shapes = shapes;
    }

    /// <exception cref="ConversionException">
    /// Something cannot be imported: all of it is told at once. Where <paramref name="signatureOnly"/> is set, only what keeps the signatures from being
    /// known counts.
    /// </exception>
    public static Module Import(TfModel model, string file, IReadOnlyList<string> inputShapes, int? batch, bool signatureOnly)
    {
        var importer = new ModuleImporter(file, model, new InputShapes(model.Graph, GivenShapes.Read(inputShapes, model, file), batch));
        EntryPoint[] entryPoints = [.. model.Signatures.OrderBy(signature => signature.Key != DefaultKey).Select(importer.Import)];
        bool isUsable = signatureOnly && importer._imported.TrueForAll(pair => pair.Graph.Inputs.Concat(pair.Graph.Outputs).All(value => value.Shape.HasRank));
        if (importer._problems.Count > 0 && !isUsable)
        {
            IEnumerable<ModelDiagnostic> problems = FrontEnds.Joined([.. importer.WithoutConsequences()], model, file).OrderBy(problem => problem.Arguments[0], StringComparer.Ordinal);
            throw new ConversionException([.. problems, .. importer.SoundSignatures(entryPoints)]);
        }

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

    /// <summary>What could be converted without the others.</summary>
    private IEnumerable<ModelDiagnostic> SoundSignatures(EntryPoint[] entryPoints)
    {
        string[] sound = [.. entryPoints.Where(entry => !_faulty.Contains(entry.Graph)).Select(entry => entry.Key)];
        if (sound.Length > 0)
            yield return new ModelDiagnostic(DiagnosticTable.OtherSignatures, _file, string.Join(", ", sound.Select(key => $"'{key}'")), sound[0]);
    }

    private EntryPoint Import(TfSignature signature)
    {
        Graph graph = _imported.Find(pair => HasSameTensors(pair.Signature, signature)).Graph ?? ImportGraph(signature);
        return new EntryPoint(signature.Key, graph, [.. signature.Inputs.Select(input => input.Key)], [.. signature.Outputs.Select(output => output.Key)]);
    }

    private Graph ImportGraph(TfSignature signature)
    {
        var scope = new ImportScope(_file, new Graph(signature.Key), _functions);
        GraphImporter.Import(signature, _shapes, scope);
        _imported.Add((signature, scope.Graph));
        _problems.AddRange(scope.Problems);
        if (scope.Problems.Count > 0)
            _faulty.Add(scope.Graph);
        return scope.Graph;
    }

    private static bool HasSameTensors(TfSignature a, TfSignature b) =>
        a.Inputs.Select(input => (input.Key, input.Edge)).SequenceEqual(b.Inputs.Select(input => (input.Key, input.Edge)))
        && a.Outputs.Select(output => output.Edge).SequenceEqual(b.Outputs.Select(output => output.Edge));
}
