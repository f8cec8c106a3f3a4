using Quantize.Build;
using Quantize.Runtime.Format;

namespace Quantize.Converter.TfLite;

/// <summary>What TFLite Metadata says of one input or output; <see cref="LabelFile"/> is a name in the archive at the file's end.</summary>
internal sealed record TensorNotes(string LabelFile, string LabelKind, float[] Mean, float[] Deviation)
{
    private const byte AxisLabels = 2, ValueLabels = 3, Normalization = 1;

    public static TensorNotes Read(TableReader tensor)
    {
        (string file, string kind) = Labels(tensor.Vector(6, 4));
        (float[] mean, float[] deviation) = NormalizationOf(tensor.Vector(4, 4));
        return new TensorNotes(file, kind, mean, deviation);
    }

    /// <summary>Of several files, one for each language, the one for all.</summary>
    private static (string File, string Kind) Labels(TableReader.VectorReader files)
    {
        (string File, string Kind) found = ("", "");
        for (int i = 0; i < files.Count; i++)
        {
            TableReader file = files.Table(i);
            byte type = file.UInt8(2);
            if (type is AxisLabels or ValueLabels && (found.File.Length == 0 || file.String(3).Length == 0))
                found = (file.String(0), type == AxisLabels ? SignatureTensor.LabelsOfAxis : SignatureTensor.LabelsOfValues);
        }

        return found;
    }

    private static (float[] Mean, float[] Deviation) NormalizationOf(TableReader.VectorReader units)
    {
        for (int i = 0; i < units.Count; i++)
        {
            TableReader unit = units.Table(i);
            if (unit.UInt8(0) == Normalization && unit.TryTable(1, out TableReader options))
                return (options.SingleVector(0), options.SingleVector(1));
        }

        return ([], []);
    }
}
