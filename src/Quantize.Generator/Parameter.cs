namespace Quantize.Generator;

/// <summary>A parameter of a generated method; the modifier is <c>in</c>, <c>out</c> or empty.</summary>
internal sealed record Parameter(string Modifier, string Type, string Name, string Documentation)
{
    public string Declaration => $"{CrefPrefix}{Type} {Name}";

    public string Argument => Modifier == "out" ? $"out {Name}" : Name;

    public string Cref => CrefPrefix + Type.Replace('<', '{').Replace('>', '}');

    private string CrefPrefix => Modifier.Length == 0 ? "" : Modifier + " ";
}
