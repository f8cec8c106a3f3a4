using System.Runtime.InteropServices;
using System.Text.Json;
using Quantize.Converter.Graphs;
using Quantize.Converter.Keras.Models;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Keras.Operations;

/// <summary>A call of a function: tensors and constants by position or name, and attributes, which stand among the named arguments or in the configuration.</summary>
internal sealed class OperationCall(LayerContext context)
{
    private const string Mark = "class_name";

    public LayerContext Context { get; } = context;

    /// <summary>The type of the result, where the function itself names it.</summary>
    public TensorType? ResultType { get; set; }

    /// <summary>The first operand as it is.</summary>
    public Value X => Operand(0, "x");

    /// <summary>The first operand in float32.</summary>
    public Value Float => Context.AsFloat(X);

    public Value Operand(int position, params ReadOnlySpan<string> names) =>
        OptionalOperand(position, names) ?? throw new LayerException($"it is called without its operand {position}");

    public Value? OptionalOperand(int position, params ReadOnlySpan<string> names)
    {
        BoundArgument argument = Context.Argument(position, names);
        if (argument.IsAbsent && position == 0 && Context.Inputs.Count > 0)
            return Context.Inputs[0].Value;
        return argument.IsAbsent ? null : argument.Tensor?.Value ?? Constant(argument.Constant);
    }

    /// <summary>The members of a list of tensors.</summary>
    public Value[] Operands(int position, params ReadOnlySpan<string> names)
    {
        BoundArgument argument = Context.Argument(position, names);
        return argument.Members.Count > 0
            ? [.. argument.Members.Select(member => member.Tensor?.Value ?? Constant(member.Constant))]
            : [.. Context.Inputs.Select(input => input.Value)];
    }

    /// <summary>Several operands of one type: float32 where any holds floats, else the widest of them.</summary>
    public Value[] Alike(params Value[] operands)
    {
        TensorType type = operands.Any(operand => DataTypes.IsFloat(operand.Type)) ? TensorType.Float32
            : operands.Any(operand => operand.Type == TensorType.Int64) ? TensorType.Int64
            : operands.All(operand => operand.Type == operands[0].Type) ? operands[0].Type
            : TensorType.Int32;
        return [.. operands.Select(operand => Context.F.Cast(operand, type))];
    }

    /// <summary>An attribute under any of its names; undefined where it is absent or none.</summary>
    public JsonElement Attribute(params ReadOnlySpan<string> names)
    {
        BoundArgument named = Context.Argument(-1, names);
        if (!named.IsAbsent)
            return named.Constant;
        foreach (string name in names)
        {
            if (Context.Config.Has(name))
                return Context.Config.Of(name);
        }

        return default;
    }

    public bool Flag(string name, bool absent = false) => Attribute(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => absent,
    };

    public float Number(float absent, params ReadOnlySpan<string> names) => LayerConfig.Real(Attribute(names)) ?? absent;

    public int Integer(int absent, params ReadOnlySpan<string> names) => Attribute(names) is { ValueKind: not JsonValueKind.Undefined } given
        ? LayerConfig.Whole(given) ?? throw new LayerException($"'{names[0]}' is {given.GetRawText()}, not a whole number")
        : absent;

    public string Text(string absent, params ReadOnlySpan<string> names) => Attribute(names) is { ValueKind: JsonValueKind.String } given ? given.GetString()! : absent;

    /// <summary>A list of whole numbers; null where there is none.</summary>
    public int[]? Integers(params ReadOnlySpan<string> names)
    {
        JsonElement given = Attribute(names);
        int?[] numbers = given.ValueKind switch
        {
            JsonValueKind.Undefined => [],
            JsonValueKind.Array => [.. given.EnumerateArray().Select(LayerConfig.Whole)],
            _ => [LayerConfig.Whole(given)],
        };
        if (numbers.Contains(null))
            throw new LayerException($"'{names[0]}' is {given.GetRawText()}, not whole numbers");
        return given.ValueKind == JsonValueKind.Undefined ? null : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>A list of whole numbers that is given by position.</summary>
    public int[]? IntegersAt(int position)
    {
        JsonElement given = Context.Argument(position).Constant;
        if (given.ValueKind != JsonValueKind.Array)
            return null;
        int?[] numbers = [.. given.EnumerateArray().Select(LayerConfig.Whole)];
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>A list of numbers of which some are computed; null where none is.</summary>
    public Value? ComputedVector(params ReadOnlySpan<string> names)
    {
        BoundArgument given = Context.Argument(1, names);
        if (given.Tensor is { } whole)
            return Context.F.Cast(whole.Value, TensorType.Int32);
        if (!given.Members.Any(member => member.Tensor is not null))
            return null;
        Value[] parts = [.. given.Members.Select(member => Context.F.Cast(member.Tensor?.Value ?? Constant(member.Constant), TensorType.Int32))];
        return Context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = parts.Length }, parts);
    }

    /// <summary>The axes that an attribute names, counted from the front; all of them where there is none.</summary>
    public int[] Axes(Value value) => Integers("axis", "axes", "reduction_indices") is { } axes
        ? [.. axes.Select(axis => Context.Axis(value, axis)).Distinct().Order()]
        : [.. Enumerable.Range(0, value.Shape.Rank)];

    public int Axis(Value value, int absent) => Context.Axis(value, Integer(absent, "axis"));

    /// <summary>A number, or nested lists of numbers, as the file has them.</summary>
    private Value Constant(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(Mark, out _) && new LayerConfig(json).Of("config") is { ValueKind: JsonValueKind.Object } config)
            return config.TryGetProperty("value", out JsonElement value) ? Constant(value) : throw Context.Refuse($"an operand {json.GetRawText()}");
        List<int> shape = [];
        for (JsonElement inner = json; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            shape.Add(inner.GetArrayLength());
            if (inner.GetArrayLength() == 0)
                break;
        }

        List<JsonElement> elements = [];
        Collect(json, elements);
        if (elements.Count != shape.Aggregate(1, (product, length) => checked(product * length)))
            throw new LayerException($"an operand is {json.GetRawText()}");
        return Constant([.. shape], elements);
    }

    private Value Constant(int[] shape, List<JsonElement> elements)
    {
        string name = $"{Context.Name}/constant";
        if (elements.TrueForAll(element => element.ValueKind is JsonValueKind.True or JsonValueKind.False))
            return Value.Constant(name, TensorType.Bool, shape, elements.Select(element => element.GetBoolean() ? (byte)1 : (byte)0).ToArray());
        if (elements.TrueForAll(IsWhole))
            return Value.Constant(name, TensorType.Int32, shape, MemoryMarshal.AsBytes(elements.Select(element => element.GetInt32()).ToArray().AsSpan()).ToArray());
        float?[] numbers = [.. elements.Select(LayerConfig.Real)];
        return numbers.Contains(null) ? throw Context.Refuse("an operand that is no number") : ConstantData.Of(name, shape, [.. numbers.Select(number => number!.Value)]);
    }

    /// <summary>2 is an integer to Python, 2.0 is not.</summary>
    private static bool IsWhole(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && !element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && element.TryGetInt32(out _);

    private static void Collect(JsonElement json, List<JsonElement> elements)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            elements.Add(json);
            return;
        }

        foreach (JsonElement inner in json.EnumerateArray())
            Collect(inner, elements);
    }
}
