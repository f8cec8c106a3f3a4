using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Files;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;
using Quantize.Converter.TensorFlow;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Keras;

/// <summary>Makes the graph of a Keras model: one signature, with the keys of the model's own inputs and outputs.</summary>
internal sealed class KerasImporter
{
    private const string SignatureKey = "serving_default";

    private readonly KerasFile _file;
    private readonly int? _batch;
    private readonly Graph _graph = new(SignatureKey);
    private readonly LayerProblems _problems;

    private KerasImporter(KerasFile file, int? batch)
    {
        _file = file;
        _batch = batch;
        _problems = new LayerProblems(file.Path);
    }

    /// <exception cref="ConversionException">The model cannot be imported: every reason is told.</exception>
    public static Module Import(KerasFile file, int? batch, string? signatureKey)
    {
        if (signatureKey is not (null or SignatureKey))
            throw new ConversionException(DiagnosticTable.SignatureNotFound, file.Path, signatureKey, SignatureKey);
        var importer = new KerasImporter(file, batch);
        try
        {
            return importer.Import();
        }
        catch (Exception exception) when (exception is LayerException or InvalidOperationException or OverflowException)
        {
            throw ConversionException.Damaged(file.Path, exception.Message, exception);
        }
    }

    private Module Import()
    {
        KerasObject root = KerasObject.Of(_file.Architecture);
        string name = root.Config.Json.ValueKind == System.Text.Json.JsonValueKind.Object ? root.Config.Text("name", "") : "";
        if (!root.IsModel)
            throw NoModel(root, name);
        ModelDefinition model = new ModelParser().Parse(root, name.Length == 0 ? "model" : name);
        LayerAudit.Run(model, "", _problems);
        _problems.ThrowIfAny();

        var scope = new LayerScope(new ImportScope(_file.Path, _graph), _file.Writer, _problems);
        KerasTensor[] inputs = [.. model.Inputs.Select(input => AddInput(model, input))];
        KerasTensor?[] outputs = new ModelCall(model, "", WeightsOf(model), scope).Run(inputs);
        _problems.ThrowIfAny();
        for (int i = 0; i < outputs.Length; i++)
            AddOutput(model.Outputs[i].Key, outputs[i]!);
        var entryPoint = new EntryPoint(SignatureKey, _graph, [.. model.Inputs.Select(input => input.Key)], [.. model.Outputs.Select(output => output.Key)]);
        return new Module([_graph], [entryPoint]);
    }

    private ConversionException NoModel(KerasObject root, string name)
    {
        if (root.ClassName.Length == 0)
            return ConversionException.Damaged(_file.Path, "its configuration tells no class");
        string className = LayerAudit.PlainClass(root);
        return new ConversionException(DiagnosticTable.KerasLayerIsCode, _file.Path, name.Length == 0 ? TreeWeights.SnakeCase(className) : name, className);
    }

    private IReadOnlyList<LayerWeights> WeightsOf(ModelDefinition model)
    {
        WeightOwner[] owners = [.. model.Layers.Select(LayerLayouts.OwnerOf)];
        return _file.Form == WeightForm.Tree ? new TreeWeights(_file.Weights, "").Members("layers", owners) : ListedWeights.OfModel(_file.Weights, owners);
    }

    private KerasTensor AddInput(ModelDefinition model, ModelTensor input)
    {
        LayerConfig config = model.Find(input.Tensor.Layer)?.Config ?? throw new LayerException($"the input '{input.Key}' is no layer of the model");
        if (config.Flag("sparse") || config.Flag("ragged"))
            throw new LayerException($"the input '{input.Key}' is {(config.Flag("sparse") ? "sparse" : "ragged")}; only dense tensors can be inputs");
        int[] shape = LayerDefinition.DeclaredShape(config)
            ?? throw new LayerException($"the input '{input.Key}' does not say its shape; build the model with an input shape before it is saved");
        TensorType type = DataTypes.ComputedBy(config);
        if (_file.IsKeras3 && model.Object.IsSequential && shape.Length > 0 && !IsStateful(model))
            shape[0] = -1;
        var value = new Value(input.Key, type, Shape.Of([.. shape.Select((length, axis) => DimensionOf(input.Key, length, axis))]));
        _graph.Inputs.Add(value);
        return new KerasTensor(value, type);
    }

    /// <summary>Only where a layer keeps its state is the batch fixed for a reason: Keras 3 writes that of the first call into every model that is built by a call.</summary>
    private static bool IsStateful(ModelDefinition model) => model.Layers.Any(layer => layer.Model is { } inner ? IsStateful(inner) : IsStateful(layer.Config));

    private static bool IsStateful(LayerConfig config) =>
        config.Flag("stateful") || (config.Has("layer") && IsStateful(KerasObject.Of(config.Of("layer")).Config));

    private Dimension DimensionOf(string key, int length, int axis) => (length, axis) switch
    {
        ( >= 0, _) => length,
        (_, 0) when _batch is { } number => number,
        _ => Dimension.Symbol(OpenDimension.Name(key, axis)),
    };

    /// <summary>An output is a tensor of its own: an input that is one as well is copied by a RESHAPE to its own shape.</summary>
    private void AddOutput(string key, KerasTensor output)
    {
        var context = new ImportContext(new TfNode(key, "Identity"), [output.Value], new ImportScope(_file.Path, _graph));
        Value value = new Formula(context).Cast(output.Value, output.Type);
        if (value.IsConstant)
            value = ConstantData.Reshaped(value, value.Shape.ToArray());
        else if (_graph.Inputs.Contains(value))
            value = context.Emit(BuiltinOperator.Reshape, new ReshapeOptions(), value, context.Emit(BuiltinOperator.Shape, new ShapeOptions { OutType = TensorType.Int32 }, value));
        if (!_graph.IsOutput(value))
            value.Name = key;
        _graph.Outputs.Add(value);
    }
}
