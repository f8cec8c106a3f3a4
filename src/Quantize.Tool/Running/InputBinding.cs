using System.Globalization;
using Quantize.Runtime;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Running;

/// <summary>Which tensor of a call is which input of a signature, and everything that keeps them from fitting.</summary>
internal sealed class InputBinding
{
    private readonly SignatureInfo _signature;
    private readonly NamedTensor?[] _tensors;
    private readonly List<string> _problems = [];

    public InputBinding(SessionCall call, SignatureInfo signature)
    {
        _signature = signature;
        _tensors = new NamedTensor?[signature.Inputs.Count];
        foreach (NamedTensor tensor in call.Inputs)
            Place(call.Prefix, tensor);
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (_tensors[i] is null)
                _problems.Add($"the input '{call.Prefix}{signature.Inputs[i].Key}' is missing");
        }
    }

    /// <summary>Sentences without an end; empty where all inputs fit.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Gives the session these shapes and these bytes.</summary>
    public void Fill(Session session)
    {
        for (int i = 0; i < _tensors.Length; i++)
            session.Resize(i, _tensors[i]!.Shape);
        for (int i = 0; i < _tensors.Length; i++)
            _tensors[i]!.Data.Span.CopyTo(session.InputBytes(i));
    }

    private void Place(string prefix, NamedTensor tensor)
    {
        int index = IndexOf(tensor.Name);
        if (index < 0)
        {
            _problems.Add($"there is no input '{tensor.Name}' for the tensor '{prefix}{tensor.Name}'");
            return;
        }

        if (_tensors[index] is not null)
            _problems.Add($"the input '{_signature.Inputs[index].Key}' is given twice");
        _tensors[index] = tensor;
        Check(_signature.Inputs[index], prefix, tensor);
    }

    /// <summary>By key, or by position as <c>#0</c>, <c>#1</c>, ...</summary>
    private int IndexOf(string name)
    {
        for (int i = 0; i < _signature.Inputs.Count; i++)
        {
            if (_signature.Inputs[i].Key == name)
                return i;
        }

        bool isPosition = name.StartsWith('#') && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        int position = isPosition ? int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) : -1;
        return position < _signature.Inputs.Count ? position : -1;
    }

    private void Check(TensorInfo input, string prefix, NamedTensor tensor)
    {
        if (tensor.Type != input.Type)
            _problems.Add($"'{prefix}{input.Key}' has {tensor.Type} elements, and the input has {input.Type}");
        if (!input.Takes(tensor.Shape))
            _problems.Add($"'{prefix}{input.Key}' has the shape {ShapeText.Of(tensor.Shape)}, and the input has {ShapeText.Of(input.Shape)}");
    }
}
