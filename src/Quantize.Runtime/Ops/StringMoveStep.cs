using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>
/// Strings under an operator that moves elements without looking at them: it moves their numbers, and the strings follow. The numbers count through all string inputs.
/// </summary>
internal sealed class StringMoveStep : Step
{
    private readonly Step _moveNumbers;
    private readonly (TensorSlot Strings, TensorSlot Numbers)[] _inputs;
    private readonly (TensorSlot Strings, TensorSlot Numbers)[] _outputs;

    private StringMoveStep(Step moveNumbers, (TensorSlot, TensorSlot)[] inputs, (TensorSlot, TensorSlot)[] outputs)
    {
        _moveNumbers = moveNumbers;
        _inputs = inputs;
        _outputs = outputs;
    }

    public override string Kernel => $"{_moveNumbers.Kernel} of strings";

    /// <summary>Whether the operator has strings to move.</summary>
    public static bool Applies(OperatorDefinition definition, PrepareContext context) =>
        definition.MovesElements && context.OutputCount > 0 && context.Output(0).Type == TensorType.String;

    public static StringMoveStep Prepare(OperatorDefinition definition, PrepareContext context)
    {
        TensorSlot?[] inputs = [.. Enumerable.Range(0, context.InputCount).Select(i => Numbers(context, context.OptionalInput(i)))];
        TensorSlot[] outputs = [.. Enumerable.Range(0, context.OutputCount).Select(i => Numbers(context, context.Output(i))!)];
        Step move = context.PrepareLike(definition, inputs, outputs);
        (TensorSlot, TensorSlot)[] strings = [.. inputs.Select((numbers, i) => (context.OptionalInput(i), numbers)).Where(pair => pair.Item1 != pair.numbers).Select(pair => (pair.Item1!, pair.numbers!))];
        return new StringMoveStep(move, strings, [.. outputs.Select((numbers, i) => (context.Output(i), numbers))]);
    }

    public override void Run(in RunContext context)
    {
        int first = 0;
        foreach ((TensorSlot strings, TensorSlot slot) in _inputs)
        {
            Span<int> numbers = context.Write<int>(slot);
            if (context.Strings(strings).Count != numbers.Length)
                throw new InvalidOperationException($"'{strings.Name}' holds {context.Strings(strings).Count} strings, not {numbers.Length}");
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = first + i;
            first += numbers.Length;
        }

        _moveNumbers.Run(context);
        foreach ((TensorSlot strings, TensorSlot numbers) in _outputs)
            Follow(context, context.Read<int>(numbers), strings);
    }

    private static TensorSlot? Numbers(PrepareContext context, TensorSlot? slot) =>
        slot is { Type: TensorType.String } ? context.Scratch(slot.Name, TensorType.Int32, slot.Shape) : slot;

    private void Follow(in RunContext context, ReadOnlySpan<int> numbers, TensorSlot output)
    {
        long bytes = 0;
        foreach (int number in numbers)
            bytes += Find(context, number).Length;
        var packer = new StringPacker(context.AllocateBytes(output, StringPacker.Length(numbers.Length, bytes), output.Shape), numbers.Length);
        foreach (int number in numbers)
            packer.Add(Find(context, number));
    }

    private ReadOnlySpan<byte> Find(in RunContext context, int number)
    {
        foreach ((TensorSlot strings, TensorSlot numbers) in _inputs)
        {
            if (number < numbers.ElementCount)
                return context.StringAt(strings, number);
            number -= numbers.ElementCount;
        }

        throw new ArgumentOutOfRangeException(nameof(number));
    }
}
