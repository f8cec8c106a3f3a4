using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Planning;

/// <summary>The shape rule's view of one operator with every dimension a number.</summary>
internal sealed class PlanShapeContext(TfLiteModel? model, string operatorName, OperatorOptions options, TensorSlot?[] inputs, TensorType[] outputTypes) : ShapeContext
{
    private const int LongestShapeVector = 4096;

    private readonly PlannedOutput?[] _outputs = new PlannedOutput?[outputTypes.Length];

    public override OperatorOptions Options => options;

    public override int InputCount => inputs.Length;

    public override int OutputCount => outputTypes.Length;

    public override bool HasInput(int index) => index < inputs.Length && inputs[index] is not null;

    public override TensorType Type(int input) => Slot(input).Type;

    public override Shape Shape(int input) => Shapes.Shape.Of(Slot(input).Shape);

    public override Dimension[]? Values(int input)
    {
        TensorSlot slot = Slot(input);
        if (!slot.IsKnown || slot.ElementCount > LongestShapeVector)
            return null;
        ReadOnlySpan<byte> bytes = slot.Constant is { } tensor ? model!.Data(tensor) : slot.Known;
        return slot.Type switch
        {
            TensorType.Int32 => [.. MemoryMarshal.Cast<byte, int>(bytes)[..slot.ElementCount].ToArray().Select(value => (Dimension)value)],
            TensorType.Int64 => [.. MemoryMarshal.Cast<byte, long>(bytes)[..slot.ElementCount].ToArray().Select(value => (Dimension)(int)Math.Clamp(value, int.MinValue, int.MaxValue))],
            _ => null,
        };
    }

    public override float[]? Floats(int input)
    {
        TensorSlot slot = Slot(input);
        if (!slot.IsKnown || slot.Type != TensorType.Float32 || slot.ElementCount > LongestShapeVector)
            return null;
        return MemoryMarshal.Cast<byte, float>(slot.Constant is { } tensor ? model!.Data(tensor) : slot.Known)[..slot.ElementCount].ToArray();
    }

    public override TensorType DeclaredType(int output) => output < outputTypes.Length ? outputTypes[output] : throw Fail($"has {outputTypes.Length} outputs, too few");

    public override void Output(int index, TensorType type, Shape shape, Dimension[]? values = null)
    {
        if (index >= _outputs.Length)
            throw Fail($"has {_outputs.Length} outputs, too few");
        _outputs[index] = new PlannedOutput(type, shape);
    }

    public override Exception Fail(string fact) => new ModelFormatException($"operator {operatorName} {fact}");

    /// <summary>What the rule said of an output, as numbers.</summary>
    public (TensorType Type, int[] Shape) Result(int index)
    {
        PlannedOutput output = _outputs[index] ?? throw Fail($"does not state its output {index}");
        return output.Shape.IsStatic ? (output.Type, output.Shape.ToArray()) : throw Fail($"has an output whose shape {output.Shape} depends on values that only a run knows");
    }

    private TensorSlot Slot(int input) => (input < inputs.Length ? inputs[input] : null) ?? throw Fail($"has no input {input}");

    private sealed record PlannedOutput(TensorType Type, Shape Shape);
}
