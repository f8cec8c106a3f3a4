using Quantize.Build;
using Quantize.Converter.Tests.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Ops;

public sealed class DataDependentTests
{
    [Fact]
    public void Coordinates_of_what_is_not_zero()
    {
        using var run = new TextRun("""
            x: float[2,-1]
            y = Where x
            """, "y");
        Assert.Equal("0 1 1 0", run.Run(new[,] { { 0f, 2f }, { 3f, 0f } }));
        Assert.Equal("", run.Run(new[,] { { 0f }, { 0f } }));
    }

    [Fact]
    public void Rows_where_a_mask_is_true()
    {
        using var run = new TextRun("""
            m: bool[3]
            x: float[3,2]
            found = Where m
            places = Squeeze found
            axis := 0
            y = GatherV2 x places axis
            two := 2.0
            z = Mul y two
            """.Replace("Squeeze found", "Reshape found flat\nflat := [-1]"), "z");
        Assert.Equal("2 4 10 12", run.Run(new[] { true, false, true }, new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } }));
        Assert.Equal("", run.Run(new[] { false, false, false }, new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } }));
    }

    [Fact]
    public void Lengths_that_two_nodes_find_are_not_taken_for_one()
    {
        using var run = new TextRun("""
            a: float[-1]
            b: float[-1]
            found = Where a
            found_1 = Where b
            size = Shape found
            size_1 = Shape found_1
            y = Equal size size_1
            """, "y");
        Assert.Equal("0 1", run.Run(new[] { 1f, 0f }, new[] { 1f, 1f, 1f }));
    }

    [Fact]
    public void Different_elements_with_their_counts()
    {
        using var run = new TextRun("""
            x: int[-1]
            y = UniqueWithCounts x {out_idx=int}
            """, "y", "y:1", "y:2");
        Assert.Equal("3 1 2; 0 1 0 2 0; 3 1 1", run.Run(new[] { 3, 1, 3, 2, 3 }));
    }

    [Fact]
    public void What_another_vector_does_not_have()
    {
        using var run = new TextRun("""
            x: int[-1]
            z := [2 9 4]
            y = ListDiff x z {out_idx=int}
            """, "y", "y:1");
        Assert.Equal("1 3; 0 2", run.Run(new[] { 1, 2, 3, 4 }));
    }

    [Fact]
    public void Partitions_and_what_stitches_them()
    {
        using var run = new TextRun("""
            p: int[4]
            x: float[4]
            parts = DynamicPartition x p {num_partitions=2}
            places := [0 1 2 3]
            where = DynamicPartition places p {num_partitions=2}
            minus = Neg parts:1
            y = DynamicStitch where where:1 parts minus {N=2}
            """, "parts", "y");
        Assert.Equal("1 3; 1 -2 3 -4", run.Run(new[] { 0, 1, 0, 1 }, new[] { 1f, 2f, 3f, 4f }));
    }

    [Fact]
    public void A_place_that_is_stitched_twice_has_the_last_row()
    {
        using var run = new TextRun("""
            x: float[2]
            z: float[2]
            a := [1 0]
            b := [2 1]
            y = DynamicStitch a b x z {N=2}
            """, "y");
        Assert.Equal("2 4 3", run.Run(new[] { 1f, 2f }, new[] { 3f, 4f }));
    }

    [Theory]
    [InlineData("SegmentSum", "4 0 11")]
    [InlineData("SegmentMean", "2 0 5.5")]
    [InlineData("SegmentMax", "3 0 6")]
    [InlineData("SegmentMin", "1 0 5")]
    [InlineData("SegmentProd", "3 1 30")]
    public void Segments_by_ids_that_only_a_run_knows(string operation, string expected)
    {
        using var run = new TextRun($$"""
            ids: int[4]
            x: float[4]
            y = {{operation}} x ids
            """, "y");
        Assert.Equal(expected, run.Run(new[] { 0, 0, 2, 2 }, new[] { 1f, 3f, 5f, 6f }));
    }

    [Fact]
    public void Rows_that_are_looked_up_are_folded_by_segment()
    {
        using var run = new TextRun("""
            ids: int[5]
            places: int[5]
            table := [1.0 2.0 4.0 8.0]
            y = SparseSegmentMean table places ids
            z = SparseSegmentSqrtN table places ids
            """, "y", "z");
        Assert.Equal("1.5 8; 3 8", run.Run(new[] { 0, 0, 0, 0, 1 }, new[] { 0, 0, 1, 1, 3 }));
    }

    private const string Boxes = """
        boxes: float[4,4]
        scores: float[4]
        most := 3
        overlap := 0.5
        least := 0.1
        """;

    private static readonly float[,] s_boxes = { { 0, 0, 2, 2 }, { 0, 0, 2, 1.5f }, { 5, 5, 6, 6 }, { 8, 8, 9, 9 } };

    [Fact]
    public void Suppressed_boxes_are_left_out_and_the_filling_is_cut_off()
    {
        using var run = new TextRun(Boxes + "\ny = NonMaxSuppressionV3 boxes scores most overlap least", "y");
        Assert.Equal("0 2", run.Run(s_boxes, new[] { 0.9f, 0.8f, 0.5f, 0.05f }));
        Assert.Equal("3 1 2", run.Run(s_boxes, new[] { 0.1f, 0.8f, 0.5f, 0.95f }));
    }

    [Theory]
    [InlineData("true", "0 2 0; 2")]
    [InlineData("false", "0 2; 2")]
    public void Places_are_filled_up_where_that_is_asked_for(string isPadded, string expected)
    {
        using var run = new TextRun(Boxes + $"\ny = NonMaxSuppressionV4 boxes scores most overlap least {{pad_to_max_output_size={isPadded}}}", "y", "y:1");
        Assert.Equal(expected, run.Run(s_boxes, new[] { 0.9f, 0.8f, 0.5f, 0.05f }));
    }

    /// <summary>TensorFlow leaves out what overlaps more than the threshold, not what overlaps as much.</summary>
    [Fact]
    public void A_box_that_overlaps_as_much_as_it_may_stays()
    {
        using var run = new TextRun(Boxes.Replace("0.5", "0.75") + "\ny = NonMaxSuppressionV2 boxes scores most overlap", "y");
        Assert.Equal("0 1 2", run.Run(s_boxes, new[] { 0.9f, 0.8f, 0.5f, 0.05f }));
    }

    /// <summary>Two classes over the same boxes; the third best is of the second class.</summary>
    [Fact]
    public void Boxes_of_several_classes_are_suppressed_together()
    {
        using var run = new TextRun("""
            boxes: float[1,4,1,4]
            scores: float[1,4,2]
            each := 2
            all := 5
            overlap := 0.5
            least := 0.1
            y = CombinedNonMaxSuppression boxes scores each all overlap least {clip_boxes=false}
            """, "y:1", "y:2", "y:3");
        float[,,,] boxes = new float[1, 4, 1, 4];
        Buffer.BlockCopy(s_boxes, 0, boxes, 0, Buffer.ByteLength(boxes));
        float[,,] scores = { { { 0.9f, 0 }, { 0.8f, 0 }, { 0.5f, 0.7f }, { 0, 0 } } };
        Assert.Equal("0.9 0.7 0.5 0 0; 0 1 0 0 0; 3", run.Run(boxes, scores));
    }

    [Fact]
    public void Sound_before_a_model_is_told_with_the_array_to_begin_at()
    {
        var exception = Assert.Throws<ConversionException>(() => TextRun.Convert("""
            file: string[]
            decoded = DecodeWav file
            spectrogram = AudioSpectrogram decoded
            mfcc = Mfcc spectrogram decoded:1
            y = Neg mfcc
            """, "y"));
        string message = Assert.Single(exception.Diagnostics).Message;
        Assert.Contains("'decoded' (DecodeWav), 'mfcc' (Mfcc), 'spectrogram' (AudioSpectrogram)", message);
        Assert.Contains("InputArrays to 'mfcc'", message);
    }

    [Fact]
    public void A_spectrum_before_a_model_is_told_with_the_array_to_begin_at()
    {
        var exception = Assert.Throws<ConversionException>(() => TextRun.Convert("""
            sound: float[1,512]
            length := [512]
            spectrum = RFFT sound length
            magnitude = ComplexAbs spectrum
            one := 1.0
            shifted = AddV2 magnitude one
            y = Log shifted
            """, "y"));
        string message = Assert.Single(exception.Diagnostics).Message;
        Assert.Contains("'magnitude' (ComplexAbs), 'spectrum' (RFFT)", message);
        Assert.Contains("InputArrays to 'magnitude'", message);
    }

    [Fact]
    public void A_keyword_spotter_that_starts_from_a_WAV_converts_from_the_array_that_the_message_names()
    {
        using var model = new TemporaryModel();
        string path = model.Write(GraphText.Parse("""
            wav_data: string[]
            decoded = DecodeWav wav_data
            spectrogram = AudioSpectrogram decoded
            mfcc = Mfcc spectrogram decoded:1
            picture = Reshape mfcc shape
            shape := [-1 4 3 1]
            flat = Reshape picture row
            row := [-1 12]
            bias := 0.5
            sum = AddV2 flat bias
            labels_softmax = Softmax sum
            """));
        var request = new ConversionRequest { ModelPath = path, OutputArrays = ["labels_softmax"], Quantization = QuantizationScheme.None };
        var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(request));
        ModelDiagnostic diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal("QNT1033", diagnostic.Entry.Id);
        string array = diagnostic.Arguments[^1];
        ConversionResult result = ModelConverter.Convert(request with { InputArrays = [array], InputShapes = [$"{array}:1,4,3"] });
        using CompiledModel compiled = CompiledModel.Load(result.Model);
        using Session session = compiled.CreateSession();
        session.Run();
        Assert.All(session.Output<float>(0).ToArray(), share => Assert.Equal(1 / 12f, share, 1e-6f));
    }
}
