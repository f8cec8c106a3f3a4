using System.Text.Json;

namespace Quantize.Converter.Keras;

/// <summary>An argument of a call, its tensors computed.</summary>
internal sealed record BoundArgument(KerasTensor? Tensor, IReadOnlyList<BoundArgument> Members, JsonElement Constant)
{
    public static readonly BoundArgument Absent = new(null, [], default);

    public IReadOnlyList<string>? Keys { get; init; }

    public bool IsAbsent => Tensor is null && Members.Count == 0 && Constant.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public IEnumerable<KerasTensor> Tensors => Tensor is { } own ? [own] : Members.SelectMany(member => member.Tensors);

    public static BoundArgument To(KerasTensor tensor) => new(tensor, [], default);
}
