using System.IO.Compression;
using System.Text.Json;
using Quantize.Converter.TensorFlow;
using Quantize.Tests;

namespace Quantize.Converter.Tests.TensorFlow;

/// <summary>Every TensorFlow model of the corpora loads whole.</summary>
public class CorpusLoadingTests
{
    /// <summary>Models of other projects' packages, by path below <c>data/models</c>.</summary>
    public static TheoryData<string> Models { get; } =
    [
        "frozen/facemask_aizoo/face_mask_detection.pb",
        "frozen/tf2onnx/ae0.pb",
        "frozen/tf2onnx/fc-layers.pb",
        "frozen/tf2onnx/gru.pb",
        "frozen/tf2onnx/lstm.pb",
        "mlperf_tiny_kws01_dscnn/kws_ref_model",
        "pypi_crepe_tiny/crepe_tiny_savedmodel",
        "pypi_mtcnn/onet_savedmodel",
        "pypi_mtcnn/pnet_savedmodel",
        "pypi_mtcnn/rnet_savedmodel",
        "pypi_musicnn/mtt_musicnn_frozen.pb",
        "savedmodel/java_using_python",
        "savedmodel/saved_model_with_redundant_inputs",
        "savedmodel/serving_matrix_half_plus_two",
        "savedmodel/serving_saved_model_counter",
        "savedmodel/serving_saved_model_half_plus_three",
        "savedmodel/serving_saved_model_half_plus_two_2_versions",
        "savedmodel/serving_saved_model_half_plus_two_cpu",
        "savedmodel/serving_saved_model_half_plus_two_mkl",
        "savedmodel/serving_saved_model_half_plus_two_tf2_cpu",
        "savedmodel/tf2onnx_regression/graphdef/frozen.pb",
        "savedmodel/tf2onnx_regression/saved_model",
    ];

    public static TheoryData<string> Cases { get; } = ReadCases();

    [Theory]
    [MemberData(nameof(Models))]
    public void Models_of_other_projects_load_with_their_weights(string path)
    {
        TfModel model = TensorFlowReader.Read(Repository.Shared(["data", "models", .. path.Split('/')]), new TfReadOptions());

        Assert.NotEmpty(model.Signatures);
        Assert.All(model.Signatures, signature => Assert.NotEmpty(signature.Outputs));
        TouchWeights(model.Graph);
    }

    [Theory]
    [InlineData("mobilenet_v2_1.0_224", 3_540_265)]
    [InlineData("resnet_v2_101_299", 44_677_609)]
    public void Large_frozen_graphs_load_with_all_their_floats(string name, long floats)
    {
        using var folder = new TemporaryModel();
        string path = Path.Combine(folder.Folder, name + ".pb");
        using (var packed = new GZipStream(File.OpenRead(Repository.Shared("data", "large_models", name + ".pb.gz")), CompressionMode.Decompress))
        using (FileStream unpacked = File.Create(path))
            packed.CopyTo(unpacked);

        TfModel model = TensorFlowReader.Read(path, new TfReadOptions());

        Assert.Equal("input", Assert.Single(Assert.Single(model.Signatures).Inputs).Key);
        IEnumerable<TfTensor> constants = model.Graph.Nodes.Select(node => node.Attribute<TfTensor?>("value", null)).OfType<TfTensor>();
        Assert.Equal(floats, constants.Where(tensor => tensor.Type == TfDataType.Float32 && tensor.Shape.Length > 0).Sum(tensor => tensor.Bytes.Length / 4L));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operator_cases_load_with_the_inputs_and_outputs_of_the_index(string name)
    {
        using JsonDocument index = Index();
        foreach (JsonElement entry in index.RootElement.EnumerateArray().Where(entry => entry.GetProperty("case").GetString() == name))
        {
            bool isGraph = entry.GetProperty("format").GetString() == "graph";
            string[] inputs = Names(entry, "inputs");
            string[] outputs = Names(entry, "outputs");
            string path = Repository.Shared(["data", "tf_ops", .. name.Split('/'), isGraph ? "graph.pb" : "saved_model"]);
            TfReadOptions options = isGraph
                ? new TfReadOptions { InputArrays = inputs, OutputArrays = outputs }
                : new TfReadOptions { SignatureKey = entry.GetProperty("signature").GetString() };

            TfModel model = TensorFlowReader.Read(path, options);

            TfSignature signature = Assert.Single(model.Signatures);
            Assert.Equal(inputs.Order(), signature.Inputs.Select(input => input.Key).Order());
            Assert.Equal(outputs.Order(), signature.Outputs.Select(output => output.Key).Order());
            Assert.DoesNotContain(AllNodes(model.Graph), node => node.Op is "PartitionedCall" or "StatefulPartitionedCall" or "VarHandleOp" or "VariableV2" or "ReadVariableOp");
            Assert.DoesNotContain(AllNodes(model.Graph), node => node.Op == "_Arg" && node.Attribute("T", TfDataType.Invalid) == TfDataType.Resource);
            Assert.Equal(model.Graph.Nodes.Count, model.Graph.Nodes.Select(node => node.Name).Distinct().Count());
            TouchWeights(model.Graph);
        }
    }

    private static void TouchWeights(TfGraph graph)
    {
        foreach (TfNode node in AllNodes(graph))
        {
            if (node.TryAttribute("value", out TfTensor? tensor) && tensor.Type.ByteSize() > 0)
                Assert.Equal(tensor.Shape.Aggregate(1L, (product, size) => product * size) * tensor.Type.ByteSize(), tensor.Bytes.Length);
        }
    }

    private static IEnumerable<TfNode> AllNodes(TfGraph graph) =>
        graph.Nodes.Concat(graph.Functions.Values.SelectMany(function => function.Body.Nodes));

    private static string[] Names(JsonElement entry, string property) =>
        [.. entry.GetProperty(property).EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    private static JsonDocument Index() => JsonDocument.Parse(File.ReadAllBytes(Repository.Shared("data", "tf_ops", "index.json")));

    private static TheoryData<string> ReadCases()
    {
        string path = Path.Combine(Repository.Root, "..", "shared", "data", "tf_ops", "index.json");
        if (!File.Exists(path))
            return ["index.json"];
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. index.RootElement.EnumerateArray().Select(entry => entry.GetProperty("case").GetString()!).Distinct()];
    }
}
