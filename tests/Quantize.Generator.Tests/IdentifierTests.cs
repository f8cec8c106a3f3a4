using Quantize.Build;
using static Quantize.Generator.Tests.TestSignatures;

namespace Quantize.Generator.Tests;

/// <summary>The rules for names, as docs/generated-class.md tells them.</summary>
public sealed class IdentifierTests
{
    [Theory]
    [InlineData("models/mnist", "MnistModel")]
    [InlineData("models/mnist/", "MnistModel")]
    [InlineData(@"C:\models\mnist\", "MnistModel")]
    [InlineData("models/mnist/saved_model.pb", "MnistModel")]
    [InlineData("models/mnist/1/saved_model.pb", "MnistModel")]
    [InlineData("export/1", "ExportModel")]
    [InlineData("export/1/", "ExportModel")]
    [InlineData("export/20/1", "ExportModel")]
    [InlineData("resnet/model.tflite", "ResnetModel")]
    [InlineData("mnist/saved_model", "MnistModel")]
    [InlineData("saved_model.pb", "SavedModel")]
    [InlineData("model.tflite", "TheModel")]
    [InlineData("1", "Model1")]
    [InlineData("x.tflite", "XModel")]
    [InlineData("a/frozen.pb", "FrozenModel")]
    [InlineData("a/weights.h5", "WeightsModel")]
    [InlineData("a/net.KERAS", "NetModel")]
    [InlineData("mobilenet_v2-1.0", "MobilenetV210Model")]
    [InlineData("mnist_model", "MnistModel")]
    [InlineData("MyMODEL", "MyMODEL")]
    [InlineData("supermodel", "Supermodel")]
    [InlineData("1x.tflite", "Model1x")]
    [InlineData("a/./b/..", "AModel")]
    [InlineData("../mnist/.", "MnistModel")]
    [InlineData("", "TheModel")]
    [InlineData("---", "TheModel")]
    [InlineData("größe", "GrößeModel")]
    [InlineData("数字", "数字Model")]
    [InlineData("class", "ClassModel")]
    [InlineData("my net\u202E", "MyNetModel")]
    public void A_path_becomes_a_class(string path, string expected) => Assert.Equal(expected, Identifiers.ClassName(path));

    [Theory]
    [InlineData("StatefulPartitionedCall:0", "StatefulPartitionedCall0", "statefulPartitionedCall0")]
    [InlineData("dense_1/BiasAdd:0", "Dense1BiasAdd0", "dense1BiasAdd0")]
    [InlineData("class", "Class", "@class")]
    [InlineData("params", "Params", "@params")]
    [InlineData("1x", "Input1x", "input1x")]
    [InlineData("a-b", "AB", "aB")]
    [InlineData("a_b", "AB", "aB")]
    [InlineData("aB", "AB", "aB")]
    [InlineData("", "Input", "input")]
    [InlineData("::", "Input", "input")]
    [InlineData("_x_", "X", "x")]
    [InlineData("ABC", "ABC", "abc")]
    [InlineData("IOStream", "IOStream", "ioStream")]
    [InlineData("ID2", "ID2", "id2")]
    [InlineData("bild größe", "BildGröße", "bildGröße")]
    [InlineData("图像", "图像", "图像")]
    [InlineData("क्षेत्र", "क्षेत्र", "क्षेत्र")]
    [InlineData("\u0301x", "X", "x")]
    [InlineData("a\u202Eb\u200Bc", "ABC", "aBC")]
    [InlineData("😀", "Input", "input")]
    [InlineData("a😀b", "AB", "aB")]
    [InlineData("\uD83D", "Input", "input")]
    [InlineData("x\"; class Y { }//", "XClassY", "xClassY")]
    [InlineData("٣", "Input٣", "input٣")]
    public void A_key_becomes_a_member_and_a_parameter(string key, string member, string parameter)
    {
        Assert.Equal(member, Identifiers.Pascal(key, "Input"));
        Assert.Equal(parameter, Identifiers.Escape(Identifiers.Camel(key, "input")));
    }

    [Theory]
    [InlineData("MnistModel", true)]
    [InlineData("_1", true)]
    [InlineData("größe", true)]
    [InlineData("", false)]
    [InlineData("1x", false)]
    [InlineData("a b", false)]
    [InlineData("a.b", false)]
    [InlineData("class", false)]
    [InlineData("record", false)]
    [InlineData("a\u200Cb", false)]
    [InlineData("a😀", false)]
    public void A_given_class_name_is_an_identifier_or_not(string name, bool expected) => Assert.Equal(expected, Identifiers.IsIdentifier(name));

    [Theory]
    [InlineData("serving_default", "Predict(", "PredictBatch(", "class Prediction", "class PredictionBatch")]
    [InlineData("classify", "Classify(", "ClassifyBatch(", "class ClassifyResult", "class ClassifyResultBatch")]
    [InlineData("predict", "Predict(", "PredictBatch(", "class Prediction", "class PredictionBatch")]
    [InlineData("model", "Model2(", "Model2Batch(", "class Model2Result", "class Model2ResultBatch")]
    [InlineData("session", "Session2(", "Session2Batch(", "class Session2Result", "class Session2ResultBatch")]
    [InlineData("to_string", "ToString2(", "ToString2Batch(", "class ToString2Result", "class ToString2ResultBatch")]
    [InlineData("dispose", "Dispose2(", "Dispose2Batch(", "class Dispose2Result", "class Dispose2ResultBatch")]
    [InlineData("named", "Named2(", "Named2Batch(", "class Named2Result", "class Named2ResultBatch")]
    [InlineData("1", "Signature1(", "Signature1Batch(", "class Signature1Result", "class Signature1ResultBatch")]
    public void A_signature_becomes_methods_and_results(string key, params string[] expected)
    {
        string source = TestProject.With(Model("Named", Method(key, [Tensor("x", "Float32", "batch 2")], [Tensor("y", "Float32", "batch")]))).GenerateClean();
        Assert.All(expected, name => Assert.Contains(name, source, StringComparison.Ordinal));
    }

    [Fact]
    public void What_collides_is_numbered()
    {
        string source = TestProject.With(Model(
            "Named",
            Method(
                "predict",
                [
                    Tensor("a_b", "Float32", "batch 2"), Tensor("aB", "Float32", "batch 3"),
                    Tensor("batch", "Int32", "batch x"), Tensor("session", "Int32", "batch"),
                ],
                [
                    Tensor("y", "Float32", "batch"), Tensor("Y", "Float32", "batch 4"), Tensor("a_b", "Float32", "batch 5"),
                    Tensor("Count", "Int32", "batch"), Tensor("item", "Int32", "batch"),
                ]),
            Method("serving_default", [Tensor("a_b", "Float32", "batch 9")], [Tensor("prediction", "Float32", "batch z")]),
            Method("predict_batch", [Tensor("a_b", "Float32", "batch 9")], [Tensor("out", "Float32", "batch z"), Tensor("equals", "Float32", "batch")]),
            Method("Prediction", [Tensor("a_b", "Float32", "batch 9")], [Tensor("Named", "Float32", "batch")]))).GenerateClean();
        IEnumerable<string> declarations = source.Split('\n').Where(line => line.TrimStart().StartsWith("public ", StringComparison.Ordinal));
        Snapshot.Match("Collisions", string.Join('\n', declarations) + "\n");
    }

    [Theory]
    [InlineData("Model")]
    [InlineData("Session")]
    [InlineData("Prediction")]
    [InlineData("Predict")]
    [InlineData("CreateSession")]
    [InlineData("Load")]
    [InlineData("Elements")]
    [InlineData("Image")]
    [InlineData("mnist")]
    public void A_class_of_any_name_compiles(string name) =>
        new TestProject { HasTensors = true }.Add(TestSignatures.Mnist with { ClassName = name }).GenerateClean();

    [Fact]
    public void Twins_are_one_method() => Assert.DoesNotContain("Predict2", TestProject.With(Model(
        "Named",
        Method("serving_default", [Tensor("x", "Float32", "batch 2")], [Tensor("y", "Float32", "batch")]),
        Method("predict", [Tensor("x", "Float32", "batch 2")], [Tensor("y", "Float32", "batch")]))).GenerateClean(), StringComparison.Ordinal);
}
