using System.Text;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>
/// A TensorFlow Lite model, ready to run: immutable, and shared by any number of threads. Each of them runs a <see cref="Session"/> of its own.
/// </summary>
public sealed class CompiledModel : IDisposable
{
    internal const string ArithmeticMetadata = "quantize_build.arithmetic";

    /// <summary>How long the variable tensors of the file live; the format itself has no word for <see cref="StateOfOneRun"/>.</summary>
    internal const string StateMetadata = "quantize_build.state";
    internal const string StateOfOneRun = "OneRun";
    private const string DefaultSignature = "serving_default";

    private CompiledModel(TfLiteModel model, CompileOptions options, OperatorTable operators)
    {
        Model = model;
        Options = options;
        Arithmetic = options.Arithmetic ?? RecordedArithmetic(model);
        Kernels = KernelSets.Choose(options.Isa);
        Planner = new Planner(model, Kernels, Arithmetic, operators, options);
        EntryPoints = [.. (model.Signatures.Length > 0 ? model.Signatures : [WithoutSignature(model)]).Select(signature => new EntryPoint(model, signature))];
        Planner.CheckOperators();
        SubgraphCalls.Check(model);
    }

    /// <summary>Every entry point of the model.</summary>
    public IReadOnlyList<SignatureInfo> Signatures => [.. EntryPoints.Select(entry => entry.Info)];

    /// <summary>How hybrid operators quantize their activations.</summary>
    public Arithmetic Arithmetic { get; }

    /// <summary>Name of the kernel row that runs this model.</summary>
    public string Isa => Kernels.Name;

    /// <summary>Size of the file in bytes.</summary>
    public int ByteLength => Model.ByteLength;

    /// <summary>What a run of the default signature does, step by step, with every open dimension at 1.</summary>
    public IReadOnlyList<PlannedOperator> Plan
    {
        get
        {
            using Session session = CreateSession();
            return session.Plan;
        }
    }

    internal TfLiteModel Model { get; }

    internal CompileOptions Options { get; }

    internal KernelSet Kernels { get; }

    internal Planner Planner { get; }

    internal EntryPoint[] EntryPoints { get; }

    /// <summary>Opens a <c>.tflite</c> file; it is mapped, and read only where it is used.</summary>
    /// <exception cref="ModelFormatException">The file is not a model that this runtime can run.</exception>
    public static CompiledModel Load(string path, CompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Load(ModelBytes.Map(path), options, OperatorTable.Of(options?.Operators));
        }
        catch (ModelFormatException exception) when (!exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new ModelFormatException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a model in memory; the memory must not change while the model is in use.</summary>
    /// <exception cref="ModelFormatException">The bytes are not a model that this runtime can run.</exception>
    public static CompiledModel Load(ReadOnlyMemory<byte> model, CompileOptions? options = null) =>
        Load(ModelBytes.Of(model), options, OperatorTable.Of(options?.Operators));

    /// <summary>Opens a model from a stream: an embedded resource is used where it lies, any other stream is read to its end.</summary>
    /// <exception cref="ModelFormatException">The stream does not hold a model that this runtime can run.</exception>
    public static CompiledModel Load(Stream stream, CompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, options, OperatorTable.Of(options?.Operators));
    }

    /// <summary>A session that runs one signature: the one of that key, or <c>serving_default</c>, or the first.</summary>
    /// <exception cref="ArgumentException">The model has no signature of that key.</exception>
    public Session CreateSession(string? signatureKey = null) => new(this, Entry(signatureKey), new SessionState(Planner.State));

    /// <summary>Releases the file. Sessions of this model must not be used afterwards.</summary>
    public void Dispose() => Model.Dispose();

    /// <summary>The way of a generated class: it does not lead past the list of all operators, so that trimming can drop those that no model names.</summary>
    internal static CompiledModel Load(Stream stream, CompileOptions? options, OperatorTable operators) => Load(ModelBytes.Of(stream), options, operators);

    internal static Arithmetic RecordedArithmetic(TfLiteModel model) =>
        model.Metadata.TryGetValue(ArithmeticMetadata, out Range range) && Encoding.UTF8.GetString(model.Bytes(range)) == nameof(Arithmetic.Fast)
            ? Arithmetic.Fast
            : Arithmetic.Precise;

    /// <summary>Whether the variable tensors are zeros at the beginning of every run.</summary>
    internal static bool StateBeginsAnew(TfLiteModel model) =>
        model.Metadata.TryGetValue(StateMetadata, out Range range) && Encoding.UTF8.GetString(model.Bytes(range)) == StateOfOneRun;

    private static CompiledModel Load(ModelBytes bytes, CompileOptions? options, OperatorTable operators)
    {
        TfLiteModel model = TfLiteModel.Read(bytes);
        try
        {
            return new CompiledModel(model, options ?? new CompileOptions(), operators);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A file without signatures is called by its tensors' names.</summary>
    private static Signature WithoutSignature(TfLiteModel model)
    {
        Subgraph main = model.Subgraphs[0];
        return new Signature(DefaultSignature, 0, Entries(main, main.Inputs), Entries(main, main.Outputs));
    }

    private static SignatureEntry[] Entries(Subgraph subgraph, int[] tensors)
    {
        string[] names = [.. tensors.Select(tensor => subgraph.Tensors[tensor].Name)];
        bool usable = names.All(name => name.Length > 0) && names.Distinct().Count() == names.Length;
        return [.. tensors.Select((tensor, i) => new SignatureEntry(usable ? names[i] : $"#{i}", tensor))];
    }

    internal EntryPoint Entry(string? key)
    {
        if (key is null)
            return Array.Find(EntryPoints, entry => entry.Info.Key == DefaultSignature) ?? EntryPoints[0];
        return Array.Find(EntryPoints, entry => entry.Info.Key == key)
            ?? throw new ArgumentException($"the model has no signature '{key}'; it has {string.Join(", ", EntryPoints.Select(entry => $"'{entry.Info.Key}'"))}", nameof(key));
    }
}
