using System.Globalization;
using Quantize.Runtime;
using Quantize.Tool.Tensors;

namespace Quantize.Tool.Running;

/// <summary>The tensors of one call of a session; <paramref name="Prefix"/> stood before their names in the file, and stands before those of the results.</summary>
internal sealed record SessionCall(string Prefix, IReadOnlyList<NamedTensor> Inputs)
{
    /// <summary>
    /// Tensors named <c>0.x</c>, <c>1.x</c>, ... are successive calls, unless the model itself names an input so; all others are one call.
    /// </summary>
    public static IReadOnlyList<SessionCall> Of(IReadOnlyList<NamedTensor> tensors, SignatureInfo signature)
    {
        int?[] numbers = [.. tensors.Select(tensor => CallNumber(tensor.Name))];
        bool isKey = tensors.Any(tensor => signature.Inputs.Any(input => input.Key == tensor.Name));
        if (tensors.Count == 0 || isKey || numbers.Contains(null))
            return [new SessionCall("", tensors)];

        List<SessionCall> calls = [];
        foreach (IGrouping<int, NamedTensor> call in tensors.GroupBy(tensor => CallNumber(tensor.Name)!.Value).OrderBy(call => call.Key))
        {
            string prefix = call.Key.ToString(CultureInfo.InvariantCulture) + ".";
            calls.Add(new SessionCall(prefix, [.. call.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })]));
        }

        return calls;
    }

    /// <summary>The number before the first dot, written without leading zeros; null where there is none.</summary>
    private static int? CallNumber(string name)
    {
        string text = name.Split('.')[0];
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return isNumber && name.Length > text.Length && number.ToString(CultureInfo.InvariantCulture) == text ? number : null;
    }
}
