using System.Text;
using Quantize.Build;
using Quantize.Converter.TensorFlow;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>What is no model says so, by file and fact.</summary>
public sealed class SourceDetectionTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_missing_path_is_told()
    {
        ModelDiagnostic refusal = Refusal(Path.Combine(_model.Folder, "none.pb"));

        Assert.Equal("QNT1001", refusal.Entry.Id);
        Assert.EndsWith("none.pb", refusal.File);
    }

    [Theory]
    [InlineData("minst.pb", "' has no 'minst.pb', but 'mnist.pb'")]
    [InlineData("MNIST.tflite", "' has no 'MNIST.tflite', but 'mnist.pb'")]
    [InlineData("mnist.pb/x", "mnist.pb' is a file")]
    [InlineData("exprot/mnist/1", "' has no 'exprot', but 'export'")]
    [InlineData("export/minst/1", "export' has no 'minst', but 'mnist'")]
    [InlineData("export/other", "export' has no 'other'")]
    [InlineData("export/minst/", "export' has no 'minst', but 'mnist'")]
    public void A_missing_path_is_told_with_what_stands_there_of_a_similar_name(string path, string fact)
    {
        _model.Write("mnist.pb", [1]);
        Directory.CreateDirectory(Path.Combine(_model.Folder, "export", "mnist", "1"));

        ModelDiagnostic refusal = Refusal(Path.Combine(_model.Folder, path));

        Assert.Equal("QNT1001", refusal.Entry.Id);
        Assert.EndsWith($"{fact}; correct Include", refusal.Message.Replace('\\', '/'));
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>404</body></html>")]
    [InlineData("import tensorflow as tf\n\tprint('größe')\n")]
    [InlineData("hello")]
    public void A_text_is_no_damaged_model(string text)
    {
        ModelDiagnostic refusal = Refusal(_model.Write("graph.pb", Encoding.UTF8.GetBytes(text)));

        Assert.Equal(("QNT1004", "it is text"), (refusal.Entry.Id, refusal.Arguments[0]));
    }

    [Theory]
    [InlineData("saved_model.pb")]
    [InlineData("frozen.pb")]
    public void Damaged_files_are_told_apart(string name)
    {
        Assert.Contains("empty (0 bytes)", Refusal(_model.Write(name, [])).Message);
        ModelDiagnostic pointer = Refusal(_model.Write(name, Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")));
        Assert.Equal("QNT1003", pointer.Entry.Id);
        Assert.Equal("QNT1002", Refusal(_model.Write(name, [0x0a, 0xff, 0xff])).Entry.Id);
        Assert.Contains("HDF5 or zip", Refusal(_model.Write(name, [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, 0])).Message);
    }

    [Theory]
    [InlineData("saved_model.pbtxt", "text form")]
    [InlineData("tfhub_module.pb", "Hub module")]
    [InlineData("model.ckpt.meta", "TensorFlow 1 checkpoint")]
    [InlineData("model.index", "weights without a graph")]
    [InlineData("notes.txt", "holds no saved_model.pb")]
    public void Folders_that_hold_something_else_are_named(string file, string fact)
    {
        _model.Write(file, [1]);

        ModelDiagnostic refusal = Refusal(_model.Folder);

        Assert.Equal("QNT1004", refusal.Entry.Id);
        Assert.Equal(_model.Folder, refusal.File);
        Assert.Contains(fact, refusal.Message);
    }

    [Theory]
    [InlineData("graph.pbtxt", "text form")]
    [InlineData("tfhub_module.pb", "Hub module")]
    [InlineData("model.ckpt.meta", "TensorFlow 1 checkpoint")]
    [InlineData("model.ckpt.index", "weights without a graph")]
    public void Files_that_are_something_else_are_named(string file, string fact)
    {
        string path = _model.Write(file, [1]);

        ModelDiagnostic refusal = Refusal(path);

        Assert.Equal(("QNT1004", path), (refusal.Entry.Id, refusal.File));
        Assert.Contains(fact, refusal.Message);
    }

    [Fact]
    public void A_file_beyond_two_gigabytes_is_told_by_its_size()
    {
        string path = Path.Combine(_model.Folder, "huge.pb");
        using (FileStream file = File.Create(path))
            file.SetLength(int.MaxValue + 1L);

        ModelDiagnostic refusal = Refusal(path);

        Assert.Equal("QNT1005", refusal.Entry.Id);
        Assert.Contains("2147483648 bytes", refusal.Message);
    }

    [Fact]
    public void A_folder_of_versions_hints_at_the_newest()
    {
        Directory.CreateDirectory(Path.Combine(_model.Folder, "1"));
        _model.Write(Path.Combine("1", "saved_model.pb"), [1]);

        Assert.Contains("'1' within it does", Refusal(_model.Folder).Message);
    }

    [Fact]
    public void A_text_graph_under_a_binary_name_is_told() =>
        Assert.Contains("text form", Refusal(_model.Write("graph.pb", "node {\n  name: \"x\"\n}\n"u8.ToArray())).Message);

    [Fact]
    public void A_file_that_reads_as_a_graph_without_nodes_is_none() =>
        Assert.Contains("no node", Refusal(_model.Write("graph.pb", [0x18, 0x01])).Message);

    [Fact]
    public void Messages_nested_without_end_are_refused()
    {
        byte[] message = [];
        for (int depth = 0; depth < 2000; depth++)
            message = Wrapped(0x52, Wrapped(0x12, Wrapped(0x12, message)));

        Assert.Equal("QNT1002", Refusal(_model.Write("graph.pb", Wrapped(0x0a, Wrapped(0x2a, Wrapped(0x12, message))))).Entry.Id);
    }

    [Fact]
    public void Cuts_and_flips_of_a_SavedModel_end_in_a_model_or_in_diagnostics()
    {
        string source = Repository.Shared("data", "models", "savedmodel", "serving_saved_model_half_plus_two_tf2_cpu");
        using TemporaryModel copy = TemporaryModel.CopyOf(source);
        byte[] whole = File.ReadAllBytes(copy.SavedModelFile);
        var random = new Random(97);
        for (int round = 0; round < 100; round++)
        {
            File.WriteAllBytes(copy.SavedModelFile, whole[..random.Next(whole.Length)]);
            Assert.Throws<ConversionException>(() => TensorFlowReader.Read(copy.Folder, new TfReadOptions()));
        }

        ReadFlipped(copy, copy.SavedModelFile, whole, random, 400);
    }

    [Theory]
    [InlineData("data/tf_ops/tf2_while/nested_cond/graph.pb")]
    [InlineData("data/tf_ops/tf1_while/counter/graph.pb")]
    [InlineData("data/tf_ops/tensor_list/lstm_dyn/graph.pb")]
    public void Flips_of_a_graph_end_in_a_model_or_in_diagnostics(string path)
    {
        string source = Repository.Shared(path.Split('/'));
        string file = _model.Write("graph.pb", File.ReadAllBytes(source));

        ReadFlipped(_model, file, File.ReadAllBytes(file), new Random(41), 250);
    }

    [Fact]
    public void Flips_of_a_variables_index_end_in_diagnostics()
    {
        using TemporaryModel copy = TemporaryModel.CopyOf(Repository.Shared("data", "tf_ops", "variables", "partitioned", "saved_model"));
        string index = Path.Combine(copy.Folder, "variables", "variables.index");
        byte[] whole = File.ReadAllBytes(index);
        for (int length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(index, whole[..length]);
            Assert.Throws<ConversionException>(() => TensorFlowReader.Read(copy.Folder, new TfReadOptions()));
        }

        ReadFlipped(copy, index, whole, new Random(59), 500);
    }

    /// <summary>Reads a SavedModel folder, or the graph itself, with one to three bits of a file flipped at a time.</summary>
    private static void ReadFlipped(TemporaryModel model, string file, byte[] whole, Random random, int rounds)
    {
        string path = File.Exists(model.SavedModelFile) ? model.Folder : file;
        for (int round = 0; round < rounds; round++)
        {
            byte[] flipped = [.. whole];
            for (int flip = 0; flip <= round % 3; flip++)
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, flipped);
            try
            {
                foreach (TfNode node in TensorFlowReader.Read(path, new TfReadOptions()).Graph.Nodes)
                    _ = node.Attribute<TfTensor?>("value", null)?.Bytes;
            }
            catch (ConversionException problem)
            {
                Assert.NotEmpty(problem.Diagnostics);
            }
        }
    }

    private static byte[] Wrapped(byte tag, byte[] message)
    {
        var bytes = new List<byte> { tag };
        int length = message.Length;
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length, .. message];
    }

    private static ModelDiagnostic Refusal(string path) => TemporaryModel.Refusal(() => TensorFlowReader.Read(path, new TfReadOptions()));
}
