using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Planning;

/// <summary>
/// The shape rule's view of one operator with every dimension a number. Elements that only a run knows are symbols; the context remembers which were asked for.
/// </summary>
internal sealed class PlanShapeContext(TfLiteModel? model, string operatorName, OperatorOptions options, TensorSlot?[] inputs, TensorType[] outputTypes, Shape[]? declaredShapes = null) : ShapeContext
{
    private const int LongestShapeVector = 4096;
    private const int LongestOpenVector = 32;

    private readonly PlannedOutput?[] _outputs = new PlannedOutput?[outputTypes.Length];
    private readonly List<TensorSlot> _unknown = [];

    public override OperatorOptions Options => options;

    public override int InputCount => inputs.Length;

    public override int OutputCount => outputTypes.Length;

    /// <summary>Inputs whose elements the rule asked for and which no one knows yet.</summary>
    public IReadOnlyList<TensorSlot> Unknown => _unknown;

    /// <summary>Every output has its shape in numbers.</summary>
    public bool IsStatic => Enumerable.Range(0, _outputs.Length).All(i => Result(i).Shape.IsStatic);

    public override bool HasInput(int index) => index < inputs.Length && inputs[index] is not null;

    public override TensorType Type(int input) => Input(input).Type;

    public override Shape Shape(int input) => Shapes.Shape.Of(Input(input).Shape);

    public override Dimension[]? Values(int input)
    {
        TensorSlot slot = Input(input);
        if (slot.Type is not (TensorType.Int32 or TensorType.Int64) || slot.ElementCount > LongestShapeVector)
            return null;
        if (!slot.IsKnown)
            return Ask(slot).ElementCount > LongestOpenVector ? null : slot.Elements ?? OpenElements(slot);
        ReadOnlySpan<byte> bytes = slot.Constant is { } tensor ? model!.Data(tensor) : slot.Known;
        return slot.Type == TensorType.Int32
            ? [.. MemoryMarshal.Cast<byte, int>(bytes)[..slot.ElementCount].ToArray().Select(value => (Dimension)value)]
            : [.. MemoryMarshal.Cast<byte, long>(bytes)[..slot.ElementCount].ToArray().Select(value => (Dimension)(int)Math.Clamp(value, int.MinValue, int.MaxValue))];
    }

    public override float[]? Floats(int input)
    {
        TensorSlot slot = Input(input);
        if (slot.Type != TensorType.Float32 || slot.ElementCount > LongestShapeVector)
            return null;
        if (!slot.IsKnown)
        {
            Ask(slot);
            return null;
        }

        return MemoryMarshal.Cast<byte, float>(slot.Constant is { } tensor ? model!.Data(tensor) : slot.Known)[..slot.ElementCount].ToArray();
    }

    public override TensorType DeclaredType(int output) => output < outputTypes.Length ? outputTypes[output] : throw Fail($"has {outputTypes.Length} outputs, too few");

    public override Shape DeclaredShape(int output) => declaredShapes is not null && output < declaredShapes.Length ? declaredShapes[output] : Shapes.Shape.Unknown;

    public override void Output(int index, TensorType type, Shape shape, Dimension[]? values = null)
    {
        if (index >= _outputs.Length)
            throw Fail($"has {_outputs.Length} outputs, too few");
        _outputs[index] = new PlannedOutput(type, shape, values);
    }

    public override Exception Fail(string fact) => new ModelFormatException($"operator {operatorName} {fact}");

    /// <summary>A tensor for an output as the rule states it; <paramref name="buffer"/> tells where it lies if its size is known only to the run.</summary>
    public TensorSlot Slot(int index, string name, Func<int> buffer, int tensor = -1, QuantizationParameters? quantization = null)
    {
        (TensorType type, Shape shape, Dimension[]? values) = Result(index);
        int[] dimensions = shape.HasRank ? [.. shape.Dimensions.Select(dimension => dimension.IsKnown ? dimension.Value : -1)] : [-1];
        return new TensorSlot(name, type, dimensions)
        {
            Index = tensor,
            Quantization = quantization,
            Buffer = !shape.IsStatic || type == TensorType.String ? buffer() : -1,
            Elements = shape.IsStatic && values?.Length == shape.ElementCount.Value ? values : null,
        };
    }

    private PlannedOutput Result(int index) => _outputs[index] ?? throw Fail($"does not state its output {index}");

    private TensorSlot Ask(TensorSlot slot)
    {
        if (!_unknown.Contains(slot))
            _unknown.Add(slot);
        return slot;
    }

    private static Dimension[] OpenElements(TensorSlot slot) => slot.Elements = [.. Enumerable.Range(0, slot.ElementCount).Select(i => Dimension.Symbol($"{slot.Name}[{i}]"))];

    private TensorSlot Input(int input) => (input < inputs.Length ? inputs[input] : null) ?? throw Fail($"has no input {input}");

    private sealed record PlannedOutput(TensorType Type, Shape Shape, Dimension[]? Values);
}
