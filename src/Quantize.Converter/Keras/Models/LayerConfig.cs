using System.Globalization;
using System.Text.Json;

namespace Quantize.Converter.Keras.Models;

/// <summary>The <c>config</c> of a layer: attributes by name, each of the type that the layer wants, or the layer's default where it is absent.</summary>
internal readonly struct LayerConfig(JsonElement json)
{
    public JsonElement Json { get; } = json;

    public bool Has(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the attribute is there and says "none".</summary>
    public bool IsNull(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>The attribute itself; undefined where it is absent or null.</summary>
    public JsonElement Of(string name) => Has(name) ? Json.GetProperty(name) : default;

    public bool Flag(string name, bool absent = false) => Of(name).ValueKind switch
    {
        JsonValueKind.Undefined => absent,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unusable(name, "true or false"),
    };

    public string Text(string name, string absent) => Of(name).ValueKind switch
    {
        JsonValueKind.Undefined => absent,
        JsonValueKind.String => Of(name).GetString()!,
        _ => throw Unusable(name, "a text"),
    };

    public int Integer(string name) => Has(name) ? Whole(Of(name)) ?? throw Unusable(name, "a whole number") : throw new LayerException($"'{name}' is missing");

    public int Integer(string name, int absent) => Has(name) ? Integer(name) : absent;

    public float Number(string name, float absent) => Has(name) ? Real(Of(name)) ?? throw Unusable(name, "a number") : absent;

    /// <summary>A list of whole numbers; a single one is a list of one.</summary>
    public int[] Integers(string name)
    {
        JsonElement value = Of(name);
        int?[] numbers = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Whole)] : [Whole(value)];
        return numbers.Contains(null) ? throw Unusable(name, "whole numbers") : [.. numbers.Select(number => number!.Value)];
    }

    /// <summary>One number for each spatial dimension, whether one stands for all or each is given.</summary>
    public int[] Integers(string name, int count, int absent)
    {
        if (!Has(name))
            return [.. Enumerable.Repeat(absent, count)];
        int[] numbers = Integers(name);
        if (numbers.Length == 1 && count > 1)
            numbers = [.. Enumerable.Repeat(numbers[0], count)];
        return numbers.Length == count ? numbers : throw Unusable(name, $"{count} whole numbers");
    }

    /// <summary>Lengths, strides and the like: nothing of them is below 1.</summary>
    public int[] Lengths(string name, int count, int absent)
    {
        int[] numbers = Integers(name, count, absent);
        return Array.TrueForAll(numbers, number => number > 0) ? numbers : throw Unusable(name, "numbers above 0");
    }

    /// <summary>Numbers of a list of any depth, in order.</summary>
    public float[] Numbers(string name)
    {
        List<float> numbers = [];
        Collect(Of(name));
        return [.. numbers];

        void Collect(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement inner in element.EnumerateArray())
                    Collect(inner);
            }
            else
            {
                numbers.Add(Real(element) ?? float.NaN);
            }
        }
    }

    public LayerException Unusable(string name, string wanted) => new($"'{name}' is {Of(name).GetRawText()}, not {wanted}");

    public static int? Whole(JsonElement value) => value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt32(out int number) ? number
        : value.TryGetDouble(out double real) && real == Math.Floor(real) && Math.Abs(real) <= int.MaxValue ? (int)real
        : null;

    public static float? Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetSingle(out float number) ? number : null,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => float.NaN,
            "Infinity" => float.PositiveInfinity,
            "-Infinity" => float.NegativeInfinity,
            { } text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : null,
            null => null,
        },
        _ => null,
    };
}
