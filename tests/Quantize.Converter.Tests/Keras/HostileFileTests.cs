using System.Text;
using Quantize.Build;
using Quantize.Converter.Keras.Weights;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>Files that were made, or damaged, to do harm: each ends in an error with an id.</summary>
public sealed class HostileFileTests
{
    private static string Dense => Path.Combine(Repository.Shared("data", "keras_files", "dense_keras"), "model.keras");

    [Theory]
    [InlineData("dense_keras", "model.keras")]
    [InlineData("dense_h5", "model.h5")]
    [InlineData("lstm_k3h5", "model.h5")]
    public void A_file_with_changed_bytes_converts_or_is_refused(string name, string file)
    {
        byte[] original = File.ReadAllBytes(Path.Combine(Repository.Shared("data", "keras_files", name), file));
        var random = new Random(1);
        for (int round = 0; round < 40; round++)
        {
            byte[] changed = [.. original];
            for (int i = 0; i < 1 + round % 8; i++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            using KerasArchiveFile damaged = KerasArchiveFile.OfBytes(changed);
            Exception? exception = Record.Exception(() => ModelConverter.Convert(new ConversionRequest { ModelPath = damaged.Path }));
            Assert.True(exception is null or ConversionException, $"round {round}: {exception}");
        }
    }

    /// <summary>The reader would take two gigabytes of memory before it finds that the file ends.</summary>
    [Fact]
    public void A_text_that_claims_more_bytes_than_the_file_has_takes_no_memory()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Repository.Shared("data", "keras_files", "dense_h5"), "model.h5"));
        int heap = file.AsSpan().IndexOf("GCOL"u8);
        BitConverter.TryWriteBytes(file.AsSpan(heap + 24), 2_000_000_000L);
        using KerasArchiveFile damaged = KerasArchiveFile.OfBytes(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("2000000000 bytes", Error(damaged.Path).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);
    }

    [Fact]
    public void Layers_in_a_circle_are_refused()
    {
        const string Config = """
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 3], "name": "x"}, "inbound_nodes": []},
              {"class_name": "Add", "name": "a", "config": {"name": "a"}, "inbound_nodes": [[["x", 0, 0, {}], ["b", 0, 0, {}]]]},
              {"class_name": "ReLU", "name": "b", "config": {"name": "b"}, "inbound_nodes": [[["a", 0, 0, {}]]]}],
              "input_layers": [["x", 0, 0]], "output_layers": [["b", 0, 0]]}}
            """;
        Assert.Contains("in a circle", Fails(Config, DiagnosticTable.ModelDamaged), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_within_models_without_end_are_refused()
    {
        string config = """{"class_name": "Dense", "config": {"units": 1}}""";
        for (int i = 0; i < 100; i++)
            config = $$$"""{"class_name": "Sequential", "config": {"name": "m{{{i}}}", "layers": [{{{config}}}]}}""";
        Assert.Contains("nested more than", Fails(config, DiagnosticTable.ModelDamaged), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_that_is_too_deep_is_refused() => Fails($"{new string('[', 5000)}{new string(']', 5000)}", DiagnosticTable.ModelDamaged);

    [Fact]
    public void A_part_that_claims_too_many_bytes_is_not_unpacked()
    {
        using KerasArchiveFile bomb = KerasArchiveFile.Of(Dense, "config.json", new byte[(256 << 20) + 1]);
        Assert.Equal(DiagnosticTable.KerasFileTooLarge, Error(bomb.Path).Entry);
    }

    [Fact]
    public void All_layers_that_are_code_are_told_at_once()
    {
        const string Config = """
            {"class_name": "Sequential", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "x"}},
              {"class_name": "Lambda", "config": {"name": "first"}},
              {"class_name": "TimeDistributed", "config": {"name": "second", "layer": {"class_name": "Mine", "config": {"name": "inner"}}}},
              {"class_name": "Dense", "module": "my_module", "config": {"name": "third", "units": 2}}]}}
            """;
        using KerasArchiveFile file = KerasArchiveFile.Of(Dense, "config.json", Encoding.UTF8.GetBytes(Config));
        var exception = Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = file.Path }));
        Assert.Equal(["first", "second/inner", "third"], exception.Diagnostics.Select(diagnostic => diagnostic.Arguments[0]));
    }

    [Fact]
    public void Infinities_of_Python_are_numbers()
    {
        const string Config = """
            {"class_name": "Sequential", "config": {"name": "NaN, \"Infinity", "layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "x"}},
              {"class_name": "ReLU", "config": {"name": "r", "max_value": Infinity, "threshold": -Infinity}}]}}
            """;
        using KerasArchiveFile file = KerasArchiveFile.Of(Dense, "config.json", Encoding.UTF8.GetBytes(Config));
        Assert.NotEqual(0, ModelConverter.Convert(new ConversionRequest { ModelPath = file.Path }).Model.Length);
    }

    [Theory]
    [InlineData("Conv2DTranspose", "conv2d_transpose")]
    [InlineData("PReLU", "p_re_lu")]
    [InlineData("SimpleRNN", "simple_rnn")]
    [InlineData("ConvLSTM2D", "conv_lstm2d")]
    [InlineData("RMSNormalization", "rms_normalization")]
    [InlineData("LSTM", "lstm")]
    public void Objects_are_filed_by_their_class_in_small_letters(string className, string name) => Assert.Equal(name, TreeWeights.SnakeCase(className));

    private static string Fails(string config, DiagnosticEntry entry)
    {
        using KerasArchiveFile file = KerasArchiveFile.Of(Dense, "config.json", Encoding.UTF8.GetBytes(config));
        ModelDiagnostic error = Error(file.Path);
        Assert.Equal(entry, error.Entry);
        return error.ToString();
    }

    private static ModelDiagnostic Error(string path) =>
        Assert.Single(Assert.Throws<ConversionException>(() => ModelConverter.Convert(new ConversionRequest { ModelPath = path })).Diagnostics);
}
