using System.Globalization;
using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Labels;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.TfLite;

/// <summary>TFLite Metadata: a flatbuffer among the file's named blobs, and files in an archive at its end. What cannot be used is told, and left out.</summary>
internal sealed class FileMetadata
{
    private const string Blob = "TFLITE_METADATA";
    private const string FloatType = "Float32";

    private readonly List<ModelDiagnostic> _warnings = [];
    private readonly byte[] _file;
    private readonly string _path;
    private (TensorNotes[] Inputs, TensorNotes[] Outputs)[] _subgraphs = [];

    private FileMetadata(byte[] file, string path)
    {
        _file = file;
        _path = path;
    }

    public IReadOnlyList<ModelDiagnostic> Warnings => _warnings;

    public static FileMetadata Of(TfLiteModel model, byte[] file, string path)
    {
        var metadata = new FileMetadata(file, path);
        try
        {
            if (model.Metadata.TryGetValue(Blob, out Range blob))
                metadata._subgraphs = Subgraphs(TableReader.Root(model.Bytes(blob)).Vector(3, 4));
        }
        catch (ModelFormatException exception)
        {
            metadata.Warn(exception.Message);
        }

        return metadata;
    }

    /// <summary>The blob and the archive, for a file whose inputs and outputs are those of this one.</summary>
    public static KeptBytes Keep(TfLiteModel model, byte[] file) =>
        model.Metadata.TryGetValue(Blob, out Range blob) ? AppendedArchive.Keep(file, new KeptBytes { Named = [(Blob, model.Bytes(blob).ToArray())] }) : KeptBytes.None;

    /// <summary>Adds what is said of the input at that position of its subgraph.</summary>
    public SignatureTensor OfInput(SignatureTensor tensor, int subgraph, int position)
    {
        if (Notes(subgraph, position, notes => notes.Inputs) is not { Mean.Length: > 0 } notes)
            return tensor;
        bool isNumber = tensor.Type == FloatType || tensor.Scale != 0;
        bool fits = notes.Mean.Length == notes.Deviation.Length && (notes.Mean.Length == 1 || Channels(tensor) == notes.Mean.Length);
        if (isNumber && fits && notes.Mean.All(float.IsFinite) && notes.Deviation.All(deviation => float.IsFinite(deviation) && deviation != 0))
            return tensor with { Mean = new(notes.Mean), Deviation = new(notes.Deviation) };
        if (isNumber)
            Warn($"the normalization of '{tensor.Key}' has the means [{Text(notes.Mean)}] and deviations [{Text(notes.Deviation)}] for values of the shape [{string.Join(", ", tensor.Shape)}]");
        return tensor;
    }

    /// <summary>Adds what is said of the output at that position of its subgraph.</summary>
    public SignatureTensor OfOutput(SignatureTensor tensor, int subgraph, int position)
    {
        if (Notes(subgraph, position, notes => notes.Outputs) is not { LabelFile.Length: > 0 } notes)
            return tensor;
        try
        {
            string[] labels = LabelText.Parse(AssociatedFiles.Read(_file, notes.LabelFile));
            if (notes.LabelKind == SignatureTensor.LabelsOfValues || Channels(tensor) == labels.Length)
                return tensor with { Labels = new(labels), LabelKind = notes.LabelKind };
            Warn($"'{notes.LabelFile}' has {labels.Length} labels for the output '{tensor.Key}' of the shape [{string.Join(", ", tensor.Shape)}]");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or NotSupportedException)
        {
            Warn($"the labels of '{tensor.Key}': {exception.Message}");
        }

        return tensor;
    }

    private static (TensorNotes[] Inputs, TensorNotes[] Outputs)[] Subgraphs(TableReader.VectorReader tables)
    {
        var subgraphs = new (TensorNotes[], TensorNotes[])[tables.Count];
        for (int i = 0; i < subgraphs.Length; i++)
            subgraphs[i] = (Tensors(tables.Table(i).Vector(2, 4)), Tensors(tables.Table(i).Vector(3, 4)));
        return subgraphs;
    }

    private static TensorNotes[] Tensors(TableReader.VectorReader tables)
    {
        var notes = new TensorNotes[tables.Count];
        for (int i = 0; i < notes.Length; i++)
            notes[i] = TensorNotes.Read(tables.Table(i));
        return notes;
    }

    private static int Channels(SignatureTensor tensor) =>
        tensor.Shape.Count > 0 && int.TryParse(tensor.Shape[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int channels) ? channels : -1;

    private static string Text(float[] values) => string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private TensorNotes? Notes(int subgraph, int position, Func<(TensorNotes[] Inputs, TensorNotes[] Outputs), TensorNotes[]> of)
    {
        TensorNotes[] notes = subgraph < _subgraphs.Length ? of(_subgraphs[subgraph]) : [];
        return (uint)position < (uint)notes.Length ? notes[position] : null;
    }

    private void Warn(string fact) => _warnings.Add(new ModelDiagnostic(DiagnosticTable.MetadataUnusable, _path, fact));
}
