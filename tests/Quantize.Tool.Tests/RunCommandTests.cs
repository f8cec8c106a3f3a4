using System.Runtime.InteropServices;
using Quantize.Runtime;
using Quantize.Runtime.Kernels;
using Quantize.Tests;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Tests;

public sealed class RunCommandTests(MnistFiles mnist) : IClassFixture<MnistFiles>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> InstructionSets => [.. KernelSets.Supported.Select(row => row.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Results_have_the_signatures_names_in_its_order()
    {
        IReadOnlyList<NamedTensor> results = Run(mnist.Quantized, ".safetensors", [mnist.Images("image", 0, 5)]);
        Assert.Equal(["'classes' Int64 [5]", "'probabilities' Float32 [5,10]"], results.Select(result => result.ToString()));
        Assert.Equal(MnistFiles.Labels(0, 5), Numbers<long>(results[0]));
        Assert.All(Numbers<float>(results[1]).Chunk(10), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Theory]
    [InlineData(".npz")]
    [InlineData(".safetensors")]
    public void Numbered_tensors_are_successive_calls_whose_batches_may_differ(string extension)
    {
        NamedTensor[] inputs = [mnist.Images("0.image", 0, 1), mnist.Images("1.image", 1, 3), mnist.Images("2.image", 4, 1)];
        IReadOnlyList<NamedTensor> results = Run(mnist.Quantized, extension, inputs);
        Assert.Equal(["0.classes", "0.probabilities", "1.classes", "1.probabilities", "2.classes", "2.probabilities"], results.Select(result => result.Name));
        Assert.Equal(MnistFiles.Labels(0, 5), results.Where(result => result.Type == TensorType.Int64).SelectMany(Numbers<long>));
    }

    [Fact]
    public void An_input_can_be_named_by_its_position() =>
        Assert.Equal(MnistFiles.Labels(7, 2), Numbers<long>(Run(mnist.Float, ".safetensors", [mnist.Images("#0", 7, 2)])[0]));

    [Fact]
    public void An_npy_file_is_the_first_input()
    {
        TensorFile.Save(_folder.PathOf("image.npy"), [mnist.Images("ignored", 0, 2)]);
        ToolRun.Of("run", mnist.Float, "--input", _folder.PathOf("image.npy"), "--output", _folder.PathOf("out.npz")).Succeeded();
        Assert.Equal(MnistFiles.Labels(0, 2), Numbers<long>(TensorFile.Load(_folder.PathOf("out.npz"))[0]));
    }

    [Fact]
    public void Another_signature_can_be_run()
    {
        IReadOnlyList<NamedTensor> results = Run(mnist.Quantized, ".safetensors", [mnist.Images("image", 0, 1)], "--signature", "classify");
        Assert.Equal(["classes", "probabilities"], results.Select(result => result.Name));
    }

    [Fact]
    public void All_tensors_are_added_behind_the_outputs_which_stay_the_same()
    {
        NamedTensor[] input = [mnist.Images("image", 0, 2)];
        IReadOnlyList<NamedTensor> few = Run(mnist.Quantized, ".safetensors", input), all = Run(mnist.Quantized, ".safetensors", input, "--all-tensors");
        Assert.True(all.Count >= few.Count + 6, $"{all.Count} tensors were written");
        foreach ((NamedTensor a, NamedTensor b) in few.Zip(all))
            Assert.Equal((a.ToString(), Convert.ToHexString(a.Data.Span)), (b.ToString(), Convert.ToHexString(b.Data.Span)));
        Assert.Contains(all, tensor => tensor.Shape.SequenceEqual([2, 14, 14, 32]) && Numbers<float>(tensor).Any(value => value != 0));
        Assert.Equal(all.Count, all.DistinctBy(tensor => tensor.Name).Count());
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Every_instruction_set_of_this_machine_can_be_pinned(string row)
    {
        NamedTensor[] input = [mnist.Images("image", 0, 20)];
        Assert.Equal(MnistFiles.Labels(0, 20), Numbers<long>(Run(mnist.Quantized, ".safetensors", input, "--isa", row)[0]));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_told_at_once_with_what_the_model_wants()
    {
        var wide = new NamedTensor("image", TensorType.Float64, [1, 28, 29], new byte[28 * 29 * 8]);
        string input = Save(".safetensors", [wide, wide with { Name = "imag" }]);
        ToolRun run = ToolRun.Of("run", mnist.Quantized, "--input", input, "--output", _folder.PathOf("out.npz"));
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                $"{input}: error QNT6002: The tensors are not what the model wants: 'image' has Float64 elements, and the input has Float32",
                $"{input}: error QNT6002: The tensors are not what the model wants: 'image' has the shape [1,28,29], and the input has [?,28,28]",
                $"{input}: error QNT6002: The tensors are not what the model wants: there is no input 'imag' for the tensor 'imag'",
                "The signature 'serving_default' wants:",
                "image  Float32 [?,28,28]",
            ],
            run.Errors);
        Assert.False(File.Exists(_folder.PathOf("out.npz")));
    }

    [Fact]
    public void A_missing_input_is_told_with_its_call()
    {
        string input = Save(".safetensors", [mnist.Images("0.image", 0, 1), mnist.Images("1.picture", 0, 1)]);
        ToolRun run = ToolRun.Of("run", mnist.Quantized, "--input", input, "--output", _folder.PathOf("out.npz"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no input 'picture' for the tensor '1.picture'", run.Error);
        Assert.Contains("the input '1.image' is missing", run.Error);
    }

    [Fact]
    public void An_input_given_twice_is_refused()
    {
        string input = Save(".safetensors", [mnist.Images("image", 0, 1), mnist.Images("#0", 0, 1)]);
        Assert.Contains("the input 'image' is given twice", ToolRun.Of("run", mnist.Float, "--input", input, "--output", _folder.PathOf("out.npz")).Error);
    }

    [Fact]
    public void A_signature_that_is_not_there_is_told_with_those_that_are()
    {
        string input = Save(".safetensors", [mnist.Images("image", 0, 1)]);
        ToolRun run = ToolRun.Of("run", mnist.Quantized, "--input", input, "--output", _folder.PathOf("out.npz"), "--signature", "nope");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("QNT1007", run.Error);
        Assert.Contains("serving_default, classify", run.Error);
    }

    [Theory]
    [InlineData("missing.tflite", null, "QNT1001")]
    [InlineData("empty.tflite", "", "QNT6003")]
    [InlineData("noise.tflite", "this is no model at all", "QNT6003")]
    [InlineData("pointer.tflite", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "git lfs pull")]
    public void A_model_that_is_none_is_told(string name, string? content, string fact)
    {
        string path = content is null ? _folder.PathOf(name) : _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));
        string input = Save(".safetensors", [mnist.Images("image", 0, 1)]);
        ToolRun run = ToolRun.Of("run", path, "--input", input, "--output", _folder.PathOf("out.npz"));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{path}: error QNT", run.Error);
        Assert.Contains(fact, run.Error);
        Assert.Single(run.Errors);
    }

    [Theory]
    [InlineData("frozen.pb")]
    [InlineData("saved_model_tf1")]
    public void A_model_of_TensorFlow_is_told_with_the_command_that_converts_it(string name)
    {
        string path = Repository.Shared("data", "mnist_model", name), input = Save(".safetensors", [mnist.Images("image", 0, 1)]);
        ToolRun run = ToolRun.Of("run", path, "--input", input, "--output", _folder.PathOf("out.npz"));
        Assert.Equal(1, run.ExitCode);
        string converted = Path.GetFileNameWithoutExtension(name) + ".tflite";
        Assert.Equal($"{path}: error QNT6003: The model cannot be run: it is no .tflite file; convert it first: dotnet quantize convert {path} -o {converted}", Assert.Single(run.Errors));
    }

    [Fact]
    public void An_npy_file_that_does_not_fit_is_told_by_the_inputs_name()
    {
        TensorFile.Save(_folder.PathOf("image.npy"), [new NamedTensor("", TensorType.Float32, [1, 28, 29], new byte[28 * 29 * 4])]);
        ToolRun run = ToolRun.Of("run", mnist.Float, "--input", _folder.PathOf("image.npy"), "--output", _folder.PathOf("out.npz"));
        Assert.Contains("'image' has the shape [1,28,29], and the input has [?,28,28]", run.Errors[0]);
        Assert.DoesNotContain("#0", run.Error);
    }

    [Fact]
    public void A_truncated_model_is_told()
    {
        byte[] model = File.ReadAllBytes(mnist.Quantized);
        string path = _folder.Write("half.tflite", model[..(model.Length / 2)]);
        string input = Save(".safetensors", [mnist.Images("image", 0, 1)]);
        ToolRun run = ToolRun.Of("run", path, "--input", input, "--output", _folder.PathOf("out.npz"));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{path}: error QNT6003: ", run.Error);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_before_anything_is_run()
    {
        ToolRun run = ToolRun.Of("run", mnist.Quantized, "--input", "none.npz", "--output", _folder.PathOf("none/out.npz"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("QNT6004", run.Error);
    }

    [Fact]
    public void Two_outputs_do_not_go_into_one_npy()
    {
        string input = Save(".safetensors", [mnist.Images("image", 0, 1)]);
        ToolRun run = ToolRun.Of("run", mnist.Quantized, "--input", input, "--output", _folder.PathOf("out.npy"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("QNT6004", run.Error);
        Assert.Equal([Path.GetFileName(input)], _folder.Files);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "m.tflite", "--input", "a.npz")]
    [InlineData("run", "m.tflite", "--input", "a.txt", "--output", "b.npz")]
    [InlineData("run", "m.tflite", "--input", "a.npz", "--output", "b.npz", "--isa", "mmx")]
    [InlineData("run", "m.tflite", "--input", "a.npz", "--output", "b.npz", "more")]
    public void A_command_line_that_is_not_understood_ends_with_2(params string[] arguments)
    {
        ToolRun run = ToolRun.Of(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Errors);
    }

    private IReadOnlyList<NamedTensor> Run(string model, string extension, NamedTensor[] inputs, params string[] more)
    {
        string output = _folder.PathOf("output" + extension);
        ToolRun.Of(["run", model, "--input", Save(extension, inputs), "--output", output, .. more]).Succeeded();
        return TensorFile.Load(output);
    }

    private string Save(string extension, NamedTensor[] inputs)
    {
        TensorFile.Save(_folder.PathOf("input" + extension), inputs);
        return _folder.PathOf("input" + extension);
    }

    private static T[] Numbers<T>(NamedTensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data.Span).ToArray();
}
