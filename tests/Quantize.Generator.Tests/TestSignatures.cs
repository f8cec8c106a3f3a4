using Quantize.Build;

namespace Quantize.Generator.Tests;

/// <summary>Signatures of models of each kind.</summary>
internal static class TestSignatures
{
    /// <summary>The tutorial's network: one open batch, two signatures over the same tensors.</summary>
    public static ModelSignature Mnist { get; } = Model(
        "MnistModel",
        Digits("serving_default"),
        Digits("classify")) with
    {
        Source = "models/mnist",
        Quantization = "DynamicRange",
        Arithmetic = "Precise",
        Operators = new(["Conv2D", "FullyConnected", "Softmax"]),
        FloatBytes = 13_101_344,
        ModelBytes = 3_283_704,
    };

    /// <summary>Two inputs with items, one for all items; scalars, and an output that is not per item.</summary>
    public static ModelSignature SeveralInputs { get; } = Model("RankerModel", Method(
        "serving_default",
        [Tensor("query", "Float32", "batch 4"), Tensor("age", "Int32", "batch"), Tensor("temperature", "Float32", "")],
        [Tensor("score", "Float32", "batch"), Tensor("loss", "Float32", "")]));

    /// <summary>Sizes that a call tells, and outputs whose size follows from them or is known only afterwards.</summary>
    public static ModelSignature OpenSizes { get; } = Model("UpscalerModel", Method(
        "serving_default",
        [Tensor("image", "UInt8", "batch image_1 image_2 3")],
        [
            Tensor("same", "UInt8", "batch image_1 image_2 3"),
            Tensor("large", "UInt8", "batch (image_1*2) (image_2*2) 3"),
            Tensor("boxes", "Float32", "boxes_0 4"),
        ]));

    /// <summary>No open dimension: one call, one result.</summary>
    public static ModelSignature Fixed { get; } = Model("FilterModel", Method(
        "filter",
        [Tensor("samples", "Int16", "1 160"), Tensor("gate", "Bool", "")],
        [Tensor("filtered", "Int16", "1 160"), Tensor("level", "Float64", "")]));

    public static ModelSignature Stateful { get; } = Model("CounterModel", Method(
        "serving_default", [Tensor("step", "Int32", "batch 1")], [Tensor("total", "Int32", "batch 1")])) with
    { IsStateful = true };

    public static ModelSignature Integers { get; } = Model("QuantizedModel", Method(
        "serving_default",
        [Tensor("pixels", "UInt8", "batch 8") with { Scale = 0.0078125f, ZeroPoint = 128 }],
        [Tensor("logits", "Int8", "batch 3") with { Scale = 0.5f, ZeroPoint = -3 }])) with
    {
        Quantization = "Int8",
        Arithmetic = "Precise",
        ModelBytes = 1000,
    };

    /// <summary>What the values mean is known, of the input and of the output.</summary>
    public static ModelSignature Labelled { get; } = Model("AnimalModel", Method(
        "serving_default",
        [Tensor("image", "Float32", "batch 3") with { Mean = new([127.5f]), Deviation = new([127.5f]) }],
        [Tensor("scores", "Float32", "batch 3") with { Labels = new(["cat", "dog \"Rex\"", "bird"]) }]));

    public static ModelSignature Model(string className, params SignatureMethod[] methods) => new()
    {
        ClassName = className,
        Namespace = "MyApp",
        ResourceName = className + ".tflite",
        Source = "models/" + className,
        Methods = new(methods),
    };

    public static SignatureMethod Method(string key, SignatureTensor[] inputs, SignatureTensor[] outputs) => new(key, new(inputs), new(outputs));

    /// <summary>The dimensions are separated by blanks.</summary>
    public static SignatureTensor Tensor(string key, string type, string shape) =>
        new(key, key + ":0", type, new(shape.Length == 0 ? [] : shape.Split(' ')), 0, 0);

    private static SignatureMethod Digits(string key) => Method(
        key, [Tensor("image", "Float32", "batch 28 28")], [Tensor("classes", "Int64", "batch"), Tensor("probabilities", "Float32", "batch 10")]);
}
