using System.Globalization;
using Quantize.Runtime;
using Quantize.Tests;

namespace Quantize.Converter.Tests.Keras;

/// <summary>A functional model of Keras 3 with one input, written out layer by layer, and what it gives.</summary>
internal sealed class SmallModel
{
    private readonly List<string> _layers = [];
    private readonly List<(string Place, int[] Shape, Array Elements)> _weights = [];
    private string _last = "x";

    public SmallModel(string shape, string type = "float32") =>
        _layers.Add($$$"""{"class_name": "InputLayer", "module": "keras.layers", "name": "x", "config": {"name": "x", "batch_shape": [{{{shape}}}], "dtype": "{{{type}}}"}, "inbound_nodes": []}""");

    public string Version { get; init; } = "3.15.1";

    /// <summary>A layer over what was added last, or over a layer by name; <paramref name="arguments"/> stand behind its tensor. Layers are called <c>layer_1</c> and so on.</summary>
    public SmallModel Layer(string className, string config = "", string module = "keras.layers", string arguments = "", string named = "", string? over = null, bool isList = false)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"layer_{_layers.Count}");
        string separator = config.Length > 0 ? ", " : "", comma = arguments.Length > 0 ? ", " : "";
        (string open, string close) = isList ? ("[", "]") : ("", "");
        _layers.Add($$$"""
            {"class_name": "{{{className}}}", "module": "{{{module}}}", "name": "{{{name}}}", "config": {"name": "{{{name}}}"{{{separator}}}{{{config}}}},
             "inbound_nodes": [{"args": [{{{open}}}{{{Tensor(over ?? _last)}}}{{{comma}}}{{{arguments}}}{{{close}}}], "kwargs": {{{{named}}}}}]}
            """);
        _last = name;
        return this;
    }

    public SmallModel Operation(string className, string config = "", string arguments = "") => Layer(className, config, "keras.src.ops.numpy", arguments);

    public SmallModel Weight(string place, int[] shape, params float[] elements) => Weight(place, shape, (Array)elements);

    public SmallModel Codes(string place, int[] shape, params sbyte[] elements) => Weight(place, shape, (Array)elements);

    private SmallModel Weight(string place, int[] shape, Array elements)
    {
        _weights.Add((place, shape, elements));
        return this;
    }

    public ConversionException Refusal() => Assert.Throws<ConversionException>(Convert);

    public float[] Run(int[] shape, params float[] input) => Run<float, float>(shape, input);

    public TResult[] Run<TInput, TResult>(int[] shape, params TInput[] input)
        where TInput : unmanaged
        where TResult : unmanaged
    {
        using CompiledModel model = CompiledModel.Load(Convert().Model);
        using Session session = model.CreateSession();
        session.Resize(0, shape);
        input.CopyTo(session.Input<TInput>(0));
        session.Run();
        return session.Output<TResult>(0).ToArray();
    }

    private ConversionResult Convert()
    {
        string folder = Directory.CreateTempSubdirectory("quantize-keras-").FullName;
        try
        {
            string path = Path.Combine(folder, "model.keras");
            KerasZip.Write(path, Version, Config(), _weights);
            return ModelConverter.Convert(new ConversionRequest { ModelPath = path, Quantization = QuantizationScheme.None });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Config() => $$$"""
        {"class_name": "Functional", "module": "keras", "config": {"name": "m", "layers": [{{{string.Join(',', _layers)}}}],
         "input_layers": [["x", 0, 0]], "output_layers": [["{{{_last}}}", 0, 0]]}}
        """;

    public static string Tensor(string layer) => $$$"""{"class_name": "__keras_tensor__", "config": {"keras_history": ["{{{layer}}}", 0, 0]}}""";
}
