using System.Security.Cryptography;
using CliWrap.Buffered;
using Quantize.Runtime.Kernels;
using Quantize.Tests;

namespace Quantize.Tool.Tests;

/// <summary>The program as its users start it; and a conversion's bytes depend on nothing but the model and the options.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly Dictionary<string, string?> s_unchanged = [];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Environments =>
    [
        .. KernelSets.Supported.Select(row => (KernelSets.Override, row.Name)),
        ("DOTNET_EnableAVX512", "0"),
        ("DOTNET_EnableHWIntrinsic", "0"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("DOTNET_PROCESSOR_COUNT", "1"),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Success_failure_and_misuse_have_their_exit_codes_and_streams()
    {
        string output = _folder.PathOf("mnist.tflite"), missing = _folder.PathOf("missing");
        BufferedCommandResult success = await ToolProcess.Run(s_unchanged, "convert", MnistFiles.SavedModel, "-o", output);
        Assert.Equal((0, ""), (success.ExitCode, success.StandardError));
        Assert.StartsWith($"{output}: 3,", success.StandardOutput);

        BufferedCommandResult failure = await ToolProcess.Run(s_unchanged, "convert", missing, "-o", output);
        Assert.Equal((1, ""), (failure.ExitCode, failure.StandardOutput));
        Assert.StartsWith($"{missing}: error QNT1001: ", failure.StandardError);

        BufferedCommandResult misuse = await ToolProcess.Run(s_unchanged, "convert", "--frobnicate");
        Assert.Equal(2, misuse.ExitCode);
        Assert.NotEqual("", misuse.StandardError);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task The_same_conversion_gives_the_same_bytes_everywhere(string variable, string value)
    {
        string output = _folder.PathOf("there.tflite");
        BufferedCommandResult run = await ToolProcess.Run(new Dictionary<string, string?> { [variable] = value }, "convert", MnistFiles.SavedModel, "-o", output);
        Assert.Equal((0, ""), (run.ExitCode, run.StandardError));
        Assert.Equal(HashOfConversion(MnistFiles.SavedModel), Hash(output));
    }

    [Fact]
    public void The_same_model_on_another_path_gives_the_same_bytes()
    {
        string copy = _folder.PathOf("другой путь");
        Directory.CreateDirectory(Path.Combine(copy, "variables"));
        foreach (string file in (string[])["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"])
            File.Copy(Path.Combine(MnistFiles.SavedModel, file), Path.Combine(copy, file));
        Assert.Equal(HashOfConversion(MnistFiles.SavedModel), HashOfConversion(copy));
        Assert.Equal(HashOfConversion(MnistFiles.SavedModel), HashOfConversion(Path.Combine(copy, "saved_model.pb")));
    }

    private string HashOfConversion(string model)
    {
        string output = _folder.PathOf("here.tflite");
        ToolRun.Of("convert", model, "-o", output).Succeeded();
        return Hash(output);
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
