using System.IO.Compression;
using Quantize.Build;

namespace Quantize.Converter.Tests.TfLite;

public sealed class FileMetadataTests
{
    private static readonly MetadataFile s_animals = new()
    {
        Mean = [127.5f],
        Deviation = [128],
        Named = [new("labels.txt", MetadataFile.Axis)],
        Archive = [("labels.txt", "cat\ndog\nbird\n")],
    };

    [Fact]
    public void Labels_and_normalization_are_in_the_signature()
    {
        ConversionResult result = Convert(s_animals);
        Assert.Empty(result.Warnings);
        SignatureTensor input = result.Signature.Methods[0].Inputs[0], output = result.Signature.Methods[0].Outputs[0];
        Assert.Equal(["cat", "dog", "bird"], output.Labels);
        Assert.Equal(SignatureTensor.LabelsOfAxis, output.LabelKind);
        Assert.Equal([127.5f], input.Mean);
        Assert.Equal([128f], input.Deviation);
        Assert.Equal(result.Signature, ModelSignature.Parse(result.Signature.Format()));
    }

    [Fact]
    public void The_file_with_its_archive_goes_through_unchanged() => Assert.Equal(s_animals.Write(), Convert(s_animals).Model.ToArray());

    [Fact]
    public void A_rewritten_file_keeps_the_metadata_and_the_archive()
    {
        MetadataFile animals = s_animals with { Archive = [("labels.txt", "cat\ndog\nbird\n"), ("notes.txt", "of 2020")], Gap = 1000 };
        ConversionResult rewritten = ModelConverter.Convert(new ConversionRequest { ModelPath = animals.WriteFile(), Quantization = QuantizationScheme.DynamicRange });
        Assert.Equal(animals.Write().Length - animals.Gap, rewritten.Model.Length);
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "again.tflite");
        File.WriteAllBytes(path, rewritten.Model.ToArray());
        ConversionResult again = ModelConverter.Convert(new ConversionRequest { ModelPath = path });
        Assert.Empty(again.Warnings);
        Assert.Equal(rewritten.Signature.Methods, again.Signature.Methods);
        Assert.Equal(["cat", "dog", "bird"], again.Signature.Methods[0].Outputs[0].Labels);
        Assert.Equal([127.5f], again.Signature.Methods[0].Inputs[0].Mean);
        using ZipArchive archive = ZipFile.OpenRead(path);
        Assert.Equal("of 2020", new StreamReader(archive.GetEntry("notes.txt")!.Open()).ReadToEnd());
    }

    [Fact]
    public void A_damaged_archive_is_not_kept()
    {
        byte[] file = s_animals.Write();
        for (int cut = 1; cut < 120; cut++)
        {
            string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "cut.tflite");
            File.WriteAllBytes(path, file[..^cut]);
            Assert.NotEmpty(ModelConverter.Convert(new ConversionRequest { ModelPath = path, Quantization = QuantizationScheme.DynamicRange }).Model.ToArray());
        }
    }

    [Fact]
    public void The_file_for_all_languages_is_taken() => Assert.Equal(["a", "b", "c"], Labels(s_animals with
    {
        Named = [new("de.txt", MetadataFile.Axis, "de"), new("all.txt", MetadataFile.Axis), new("fr.txt", MetadataFile.Axis, "fr")],
        Archive = [("de.txt", "x\ny\nz"), ("all.txt", "a\nb\nc"), ("fr.txt", "u\nv\nw")],
    }));

    [Fact]
    public void Labels_of_values_may_be_any_number()
    {
        SignatureTensor output = Convert(s_animals with { Named = [new("labels.txt", MetadataFile.Values)], Archive = [("labels.txt", "one\ntwo")] }).Signature.Methods[0].Outputs[0];
        Assert.Equal((2, SignatureTensor.LabelsOfValues), (output.Labels.Count, output.LabelKind));
    }

    [Fact]
    public void A_mean_for_each_channel_is_taken() =>
        Assert.Equal([1f, 2f, 3f], Convert(s_animals with { Mean = [1, 2, 3], Deviation = [4, 5, 6] }).Signature.Methods[0].Inputs[0].Mean);

    [Fact]
    public void A_quantization_of_the_weights_keeps_the_labels() =>
        Assert.Equal(["cat", "dog", "bird"], ModelConverter.Convert(new ConversionRequest { ModelPath = s_animals.WriteFile(), Quantization = QuantizationScheme.DynamicRange }).Signature.Methods[0].Outputs[0].Labels);

    [Fact]
    public void Too_few_labels_are_left_out() => Unusable("'labels.txt' has 2 labels for the output 'y'", s_animals with { Archive = [("labels.txt", "cat\ndog")] });

    [Fact]
    public void A_name_that_is_not_in_the_archive_is_told() =>
        Unusable("the labels of 'y': it names 'labels.txt', which is not in the archive", s_animals with { Archive = [("other.txt", "cat")] });

    [Fact]
    public void A_missing_archive_is_told() => Unusable("the labels of 'y': ", s_animals with { Archive = [] });

    [Fact]
    public void Bytes_that_are_no_text_are_told() => Unusable("the labels of 'y': it is no text", s_animals with { Archive = [("labels.txt", "a\0b")] });

    [Theory]
    [InlineData(new[] { 1f }, new[] { 0f })]
    [InlineData(new[] { float.NaN }, new[] { 1f })]
    [InlineData(new[] { 1f, 2f }, new[] { 1f, 2f })]
    [InlineData(new[] { 1f }, new float[0])]
    public void A_normalization_that_makes_no_sense_is_left_out(float[] mean, float[] deviation) =>
        Unusable("the normalization of 'x' has the means [", s_animals with { Mean = mean, Deviation = deviation });

    [Fact]
    public void A_file_in_the_archive_that_would_be_enormous_is_not_unpacked() =>
        Unusable("'labels.txt' would have ", s_animals with { Archive = [("labels.txt", new string('a', (1 << 24) + 1))] });

    /// <summary>The metadata are in the middle of the file, the archive at its end: whatever becomes of a byte there, the model is converted or the file refused.</summary>
    [Fact]
    public void No_altered_byte_is_more_than_a_diagnostic()
    {
        byte[] file = s_animals.Write();
        string path = Path.Combine(Directory.CreateTempSubdirectory("quantize").FullName, "altered.tflite");
        for (int i = 8; i < file.Length; i++)
        {
            foreach (byte change in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] altered = [.. file];
                altered[i] ^= change;
                File.WriteAllBytes(path, altered);
                try
                {
                    Assert.All(ModelConverter.Convert(new ConversionRequest { ModelPath = path }).Warnings, warning => Assert.Equal("QNT1050", warning.Entry.Id));
                }
                catch (ConversionException exception)
                {
                    Assert.NotEmpty(exception.Diagnostics);
                }
            }
        }
    }

    private static void Unusable(string fact, MetadataFile file)
    {
        ConversionResult result = Convert(file);
        ModelDiagnostic warning = Assert.Single(result.Warnings);
        Assert.Equal("QNT1050", warning.Entry.Id);
        Assert.Contains(fact, warning.Message);
    }

    private static IEnumerable<string> Labels(MetadataFile file) => Convert(file).Signature.Methods[0].Outputs[0].Labels;

    private static ConversionResult Convert(MetadataFile file) => ModelConverter.Convert(new ConversionRequest { ModelPath = file.WriteFile() });
}
