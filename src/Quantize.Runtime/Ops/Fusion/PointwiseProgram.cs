using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Fusion;

/// <summary>Writes the steps of a group as one program over rows; the parts into which a SPLIT divides a row are places within it.</summary>
internal sealed class PointwiseProgram
{
    private readonly PointwiseGroup _group;
    private readonly PrepareContext _context;
    private readonly List<ElementwiseOperation> _operations = [];
    private readonly List<PointwisePlace> _places = [];
    private readonly List<float> _constants = [];
    private readonly Dictionary<TensorSlot, int> _numbers = [];
    private readonly List<TensorSlot> _inputs = [];
    private readonly List<TensorSlot> _temporaries = [];

    private PointwiseProgram(PointwiseGroup group)
    {
        _group = group;
        _context = group.Root.Context!;
    }

    /// <summary>The step in the place of the group's last one; null where the program would be too long.</summary>
    public static PlannedStep? Write(PointwiseGroup group, int mostPlaces)
    {
        var program = new PointwiseProgram(group);
        foreach (TensorSlot output in group.Outputs)
            program.Place(output);
        return program._places.Count <= mostPlaces ? program.Finish() : null;
    }

    private PlannedStep Finish()
    {
        TensorSlot output = _group.Root.Outputs[0];
        var constants = new AlignedBuffer(Math.Max(1, _constants.Count) * sizeof(float));
        _constants.ToArray().CopyTo(constants.As<float>());
        var step = new PointwiseStep(_context.Kernels, [.. _operations], [.. _places], constants, output.ElementCount / output.Shape[^1]);
        return new PlannedStep(step, string.Join('+', _group.Members.Select(member => member.Name)), [.. _inputs], [.. _group.Outputs], _temporaries);
    }

    /// <summary>Number of the tensor's place; what computes it is added first.</summary>
    private int Place(TensorSlot slot)
    {
        if (_numbers.TryGetValue(slot, out int known))
            return known;
        int number = _group.WriterOf(slot) is not { } writer ? Operand(slot)
            : PointwiseFunction.Of(writer) is { } function ? Compute(writer, function, slot)
            : Part(_places[Place(writer.Inputs[1]!)], Array.IndexOf(writer.Outputs, slot) * slot.Shape[^1]);
        _numbers[slot] = number;
        return number;
    }

    private int Compute(PlannedStep writer, PointwiseFunction function, TensorSlot slot)
    {
        int length = slot.Shape[^1], a = Place(writer.Inputs[0]!, length), b = function.Binary is null ? a : Place(writer.Inputs[1]!, length);
        if (!_group.Outputs.Contains(slot))
            _temporaries.Add(slot);
        int result = Add(new PointwisePlace(slot, 0, length));
        ActivationRange range = PointwiseFunction.Range(writer.Context!);
        _operations.Add(new ElementwiseOperation(function.Unary, function.Binary, a, b, result, length, range.Minimum, range.Maximum));
        return result;
    }

    /// <summary>The place of an operand, which repeats a constant of one element as often as the row is long.</summary>
    private int Place(TensorSlot operand, int length) => operand.IsKnown ? Constant(operand, length) : Place(operand);

    private int Operand(TensorSlot slot)
    {
        _inputs.Add(slot);
        return Add(new PointwisePlace(slot, 0, slot.Shape[^1]));
    }

    private int Constant(TensorSlot slot, int length)
    {
        ReadOnlySpan<float> elements = _context.Constant<float>(slot);
        int begin = _constants.Count;
        for (int i = 0; i < length; i++)
            _constants.Add(elements[elements.Length == 1 ? 0 : i]);
        return Add(new PointwisePlace(null, begin, 0));
    }

    private int Part(PointwisePlace whole, int first) => Add(whole with { First = whole.First + first });

    private int Add(PointwisePlace place)
    {
        _places.Add(place);
        return _places.Count - 1;
    }
}
