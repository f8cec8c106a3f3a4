using System.Text;
using Quantize.Build;
using Quantize.Tests;

namespace Quantize.Tool.Tests;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string?, string> DamagedModels => new()
    {
        { "missing.pb", null, "QNT1001" },
        { "empty.pb", "", "QNT10" },
        { "noise.pb", "this is no model at all, only some words", "QNT1004" },
        { "pointer.pb", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "QNT1003" },
        { "empty.tflite", "", "QNT10" },
        { "noise.tflite", "this is no model at all, only some words", "QNT1002" },
    };

    private string Output => _folder.PathOf("out.tflite");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_summary_tells_sizes_ratio_and_what_stayed_float()
    {
        ToolRun run = ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output).Succeeded();
        string bytes = new FileInfo(Output).Length.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith($"{Output}: {bytes} bytes\n  3.97 times smaller than the 13,1", run.Output);
        Assert.Contains("3,272,704 weights of 3 operators", run.Output);
        Assert.Contains("(800 weights, fewer than 1024)", run.Output);
    }

    [Theory]
    [InlineData("None", 13_000_000, 13_110_000)]
    [InlineData("DynamicRange", 3_280_000, 3_300_000)]
    [InlineData("dynamicrangepertensor", 3_270_000, 3_290_000)]
    public void The_scheme_makes_the_size(string scheme, long smallest, long largest)
    {
        ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--quantization", scheme, "--batch", "1").Succeeded();
        Assert.InRange(new FileInfo(Output).Length, smallest, largest);
        Assert.Equal(["out.tflite"], _folder.Files);
    }

    [Fact]
    public void The_arithmetic_is_recorded_in_the_file()
    {
        ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--arithmetic", "Fast").Succeeded();
        Assert.Contains("Fast", ToolRun.Of("inspect", Output).Succeeded().Output);
    }

    [Fact]
    public void One_signature_can_be_picked_and_the_batch_fixed()
    {
        ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--signature", "classify", "--batch", "4", "--tags", "serve").Succeeded();
        string report = ToolRun.Of("inspect", Output).Succeeded().Output;
        Assert.Contains("[4,28,28]", report);
        Assert.DoesNotContain("serving_default", report);
    }

    [Fact]
    public void Inputs_and_outputs_of_a_frozen_graph_are_named_in_their_order()
    {
        string frozen = Repository.Shared("data", "mnist_model", "frozen.pb"), signature = _folder.PathOf("out.signature");
        ToolRun.Of("convert", frozen, "-o", Output, "--inputs", "image", "--outputs", "probabilities,classes", "--signature-out", signature).Succeeded();
        SignatureMethod method = ModelSignature.Parse(File.ReadAllText(signature)).Methods.Single();
        Assert.Equal("image", method.Inputs.Single().Key);
        Assert.Equal(["probabilities", "classes"], method.Outputs.Select(output => output.Key));
    }

    [Fact]
    public void The_signature_file_names_the_class_and_its_resource()
    {
        string path = _folder.PathOf("a.signature");
        ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--signature-out", path, "--class", "Digits", "--namespace", "My.App").Succeeded();
        ModelSignature signature = ModelSignature.Parse(File.ReadAllText(path));
        Assert.Equal(("Digits", "My.App", "My.App.Digits.tflite"), (signature.ClassName, signature.Namespace, signature.ResourceName));
        Assert.Equal(new FileInfo(Output).Length, signature.ModelBytes);
    }

    [Fact]
    public void Without_a_name_the_class_is_called_after_the_model()
    {
        string path = _folder.PathOf("a.signature");
        ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--signature-out", path).Succeeded();
        Assert.Equal("MnistModel", ModelSignature.Parse(File.ReadAllText(path)).ClassName);
    }

    [Theory]
    [MemberData(nameof(DamagedModels))]
    public void A_model_that_is_none_is_told_and_an_older_result_stays(string name, string? content, string id)
    {
        string path = content is null ? _folder.PathOf(name) : _folder.Write(name, Encoding.UTF8.GetBytes(content));
        File.WriteAllText(Output, "older");
        ToolRun run = ToolRun.Of("convert", path, "-o", Output);
        AssertFailed(run, path, id);
        Assert.Equal("older", File.ReadAllText(Output));
        Assert.DoesNotContain(_folder.Files, file => file.Contains("unfinished", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("saved_model.pb", 20_000)]
    [InlineData("variables/variables.index", 100)]
    [InlineData("variables/variables.data-00000-of-00001", 5_000_000)]
    [InlineData("variables/variables.data-00000-of-00001", -1)]
    public void A_SavedModel_with_a_damaged_or_missing_file_is_told(string file, int length)
    {
        string copy = Copy(MnistFiles.SavedModel), damaged = Path.Combine(copy, file);
        if (length < 0)
            File.Delete(damaged);
        else
            File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..length]);
        AssertFailed(ToolRun.Of("convert", copy, "-o", Output), copy, "QNT10");
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void A_flipped_bit_in_the_weights_is_found()
    {
        string copy = Copy(MnistFiles.SavedModel), shard = Path.Combine(copy, "variables", "variables.data-00000-of-00001");
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[7_000_000] ^= 1;
        File.WriteAllBytes(shard, bytes);
        AssertFailed(ToolRun.Of("convert", copy, "-o", Output), copy, "QNT10");
    }

    [Fact]
    public void Arrays_that_are_not_there_are_told_with_candidates()
    {
        string frozen = Repository.Shared("data", "mnist_model", "frozen.pb");
        ToolRun run = ToolRun.Of("convert", frozen, "-o", Output, "--inputs", "imag", "--outputs", "classes");
        AssertFailed(run, frozen, "QNT1008");
        Assert.Contains("image", run.Error);
    }

    [Fact]
    public void Messages_speak_of_the_options_of_the_command_line()
    {
        string frozen = Repository.Shared("data", "mnist_model", "frozen.pb");
        string[] errors = ToolRun.Of("convert", frozen, "-o", Output, "--inputs", "imag", "--outputs", "clases").Errors;
        Assert.StartsWith($"{frozen}: error QNT1008: --inputs names 'imag', which", errors[0]);
        Assert.StartsWith($"{frozen}: error QNT1008: --outputs names 'clases', which", errors[1]);
        Assert.Contains("; set --signature to one of these", Assert.Single(ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output, "--signature", "none").Errors));
        Assert.EndsWith($"has no '{Path.GetFileName(frozen)}x', but 'frozen.pb'; correct MODEL", Assert.Single(ToolRun.Of("convert", frozen + "x", "-o", Output).Errors));
        ToolRun run = ToolRun.Of("convert", Repository.Shared("data", "mnist_model", "google_float.tflite"), "-o", Output, "--arithmetic", "Fast");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning QNT3001: --arithmetic has no effect: no operator computes floats with 8-bit weights; leave it out", Assert.Single(run.Errors));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told()
    {
        string nowhere = _folder.PathOf("none/out.tflite");
        AssertFailed(ToolRun.Of("convert", MnistFiles.SavedModel, "-o", nowhere), nowhere, "QNT6004");
        Directory.CreateDirectory(Output);
        AssertFailed(ToolRun.Of("convert", MnistFiles.SavedModel, "-o", Output), Output, "QNT6004");
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("convert", "m")]
    [InlineData("convert", "m", "-o", "o", "--quantization", "1")]
    [InlineData("convert", "m", "-o", "o", "--quantization", "Float8")]
    [InlineData("convert", "m", "-o", "o", "--batch", "0")]
    [InlineData("convert", "m", "-o", "o", "--batch", "many")]
    [InlineData("convert", "m", "-o", "o", "--class", "C")]
    [InlineData("convert", "m", "-o", "o", "--signature-out", "s", "--class", "A.B")]
    [InlineData("convert", "m", "-o", "o", "--signature-out", "s", "--class", "class")]
    [InlineData("convert", "m", "-o", "o", "--signature-out", "s", "--namespace", "A..B")]
    [InlineData("convert", "m", "-o", "o", "--colour")]
    [InlineData("transmute")]
    [InlineData]
    public void A_command_line_that_is_not_understood_ends_with_2(params string[] arguments)
    {
        ToolRun run = ToolRun.Of(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain(run.Errors, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("run")]
    [InlineData("inspect")]
    public void The_help_has_an_example(string command)
    {
        ToolRun run = ToolRun.Of(command, "--help").Succeeded();
        Assert.Contains($"  dotnet quantize {command} ", run.Output);
        Assert.Contains($"\n  {command} ", ToolRun.Of("--help").Succeeded().Output);
    }

    [Fact]
    public void The_help_of_convert_names_all_that_it_takes()
    {
        string help = ToolRun.Of("convert", "--help").Succeeded().Output;
        Assert.All((string[])["SavedModel", "frozen graph", ".tflite file"], kind => Assert.Contains(kind, help));
    }

    [Theory]
    [InlineData("--quantisation", "--quantization")]
    [InlineData("--input-arrays", "--inputs")]
    [InlineData("--SignatureKey", "--signature")]
    [InlineData("--keepfloat", "--keep-float")]
    [InlineData("--colour", null)]
    public void An_option_that_is_not_there_is_told_with_the_one_that_was_meant(string option, string? meant)
    {
        ToolRun run = ToolRun.Of("convert", "m", "-o", "o", option, "x");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(meant is null ? [] : [$"Did you mean {meant} by {option}?"], run.Errors.Where(line => line.Contains("Did you mean", StringComparison.Ordinal)));
        Assert.DoesNotContain("Did you mean", run.Output);
    }

    [Fact]
    public void A_verb_that_is_not_there_is_told_with_the_one_that_was_meant() =>
        Assert.Equal("Did you mean convert by convret?", Assert.Single(ToolRun.Of("convret", "m", "-o", "o").Errors, line => line.Contains("mean", StringComparison.Ordinal)));

    private static void AssertFailed(ToolRun run, string path, string id)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.All(run.Errors, line => Assert.StartsWith(path, line));
        Assert.Contains($": error {id}", run.Errors[0]);
    }

    private string Copy(string folder)
    {
        string copy = _folder.PathOf("copy");
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        return copy;
    }
}
