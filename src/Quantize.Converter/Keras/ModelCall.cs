using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Converter.Keras.Weights;
using Quantize.Converter.Ops;
using Quantize.Runtime;

namespace Quantize.Converter.Keras;

/// <summary>
/// One call of a model: what its outputs need is imported, each layer's call after those it reads. A call that cannot be imported is told, and what depends on it is left out.
/// </summary>
internal sealed class ModelCall(ModelDefinition model, string path, IReadOnlyList<LayerWeights> weights, LayerScope scope)
{
    private readonly Dictionary<(string Layer, int Call), KerasTensor[]?> _results = [];
    private readonly Dictionary<string, LayerDefinition> _layers = model.Layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, LayerWeights> _weights = model.Layers.Zip(weights).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);

    /// <summary>The outputs, in the model's order; null where one could not be computed.</summary>
    public KerasTensor?[] Run(IReadOnlyList<KerasTensor> inputs)
    {
        if (inputs.Count != model.Inputs.Count)
            throw new LayerException($"it is called with {inputs.Count} tensors, and has {model.Inputs.Count} inputs");
        for (int i = 0; i < inputs.Count; i++)
            _results[(model.Inputs[i].Tensor.Layer, 0)] = [inputs[i]];
        if (scope.IsKeras3)
            RunInOrder();
        return [.. model.Outputs.Select(output => Compute(output.Tensor))];
    }

    /// <summary>What is missing after it is left to those who look for it, and find circles.</summary>
    private void RunInOrder()
    {
        (string, int)[] outputs = [.. model.Outputs.Select(output => Place(output.Tensor, isOutputOfModel: true))];
        foreach ((string, int) place in CallOrder.Of(outputs, place => _results.ContainsKey(place) ? [] : [.. Needs(place)]))
        {
            if (!_results.ContainsKey(place) && Needs(place).All(_results.ContainsKey))
                Finish(place);
        }
    }

    /// <summary>Depth first, with a stack of its own: a chain of layers may be long.</summary>
    private KerasTensor? Compute(TensorReference tensor)
    {
        (string, int) wanted = Place(tensor, isOutputOfModel: true);
        var open = new Stack<(string Layer, int Call)>([wanted]);
        HashSet<(string, int)> begun = [];
        while (open.TryPeek(out (string Layer, int Call) next))
        {
            (string Layer, int Call)[] missing = _results.ContainsKey(next) ? [] : [.. Needs(next).Where(need => !_results.ContainsKey(need))];
            if (missing.Length == 0)
            {
                open.Pop();
                Finish(next);
            }
            else if (!begun.Add(next))
            {
                throw new LayerException($"the layers of the model depend on each other in a circle, '{next.Layer}' among them");
            }

            foreach ((string, int) need in missing)
                open.Push(need);
        }

        return Output(wanted, tensor.Output);
    }

    private IEnumerable<(string, int)> Needs((string Layer, int Call) place) => CallAt(place).Tensors.Select(tensor => Place(tensor, isOutputOfModel: false));

    private (string, int) Place(TensorReference tensor, bool isOutputOfModel) => _layers.TryGetValue(tensor.Layer, out LayerDefinition? layer)
        ? (tensor.Layer, layer.CallOf(tensor, scope.IsKeras3, isOutputOfModel))
        : throw new LayerException($"the model names a layer '{tensor.Layer}', which it does not have");

    private CallNode CallAt((string Layer, int Call) place)
    {
        IReadOnlyList<CallNode> calls = _layers[place.Layer].Calls;
        return place.Call >= 0 && place.Call < calls.Count
            ? calls[place.Call]
            : throw new LayerException($"the model names call {place.Call} of the layer '{place.Layer}', which is called {calls.Count} times");
    }

    private void Finish((string Layer, int Call) place)
    {
        if (_results.ContainsKey(place))
            return;
        LayerDefinition layer = _layers[place.Layer];
        CallNode call = CallAt(place);
        string name = path.Length == 0 ? layer.Name : $"{path}/{layer.Name}";
        _results[place] = call.Tensors.Any(tensor => Output(Place(tensor, isOutputOfModel: false), tensor.Output) is null)
            ? null
            : scope.Problems.Watch(name, layer.Object.ClassName, () => Import(layer, name, call));
    }

    private KerasTensor[]? Import(LayerDefinition layer, string name, CallNode call)
    {
        BoundArgument[] positional = [.. call.Positional.Select(Bind)];
        if (layer.Model is { } inner)
        {
            KerasTensor?[] outputs = new ModelCall(inner, name, Members(layer), scope).Run(InputsOf(inner, positional));
            return outputs.Contains(null) ? null : [.. outputs.OfType<KerasTensor>()];
        }

        Dictionary<string, BoundArgument> named = call.Named.ToDictionary(pair => pair.Key, pair => Bind(pair.Value), StringComparer.Ordinal);
        return LayerCall.Import(new LayerContext(name, layer.Object, _weights[layer.Name], positional, named, scope));
    }

    private IReadOnlyList<LayerWeights> Members(LayerDefinition layer) => _weights[layer.Name].Members("layers", [.. layer.Model!.Layers.Select(LayerLayouts.OwnerOf)]);

    /// <summary>A dictionary's tensors go by their keys.</summary>
    private static KerasTensor[] InputsOf(ModelDefinition model, BoundArgument[] positional)
    {
        if (positional is not [{ Keys: { } keys } dictionary])
            return [.. positional.SelectMany(argument => argument.Tensors)];
        return [.. model.Inputs.Select(input => keys.ToList().IndexOf(input.Key) is >= 0 and { } place && dictionary.Members[place].Tensor is { } tensor
            ? tensor
            : throw new LayerException($"it is called without its input '{input.Key}'"))];
    }

    private BoundArgument Bind(Argument argument) => new(
        argument.Tensor is { } tensor ? Output(Place(tensor, isOutputOfModel: false), tensor.Output) : null,
        [.. argument.Members.Select(Bind)],
        argument.Constant)
    {
        Keys = argument.Keys,
    };

    private KerasTensor? Output((string Layer, int Call) place, int number)
    {
        KerasTensor[]? results = _results[place];
        if (results is null)
            return null;
        return number < results.Length ? results[number] : throw new LayerException($"the model names output {number} of the layer '{place.Layer}', which has {results.Length}");
    }
}
