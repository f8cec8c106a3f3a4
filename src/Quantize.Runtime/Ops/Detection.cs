namespace Quantize.Runtime.Ops;

/// <summary>A box seen as one of a class.</summary>
internal readonly record struct Detection(float Score, int Class, int Box)
{
    /// <summary>The better score first, equal ones by class and position.</summary>
    public static readonly Comparison<Detection> BestFirst = static (a, b) =>
        a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Class != b.Class ? a.Class.CompareTo(b.Class) : a.Box.CompareTo(b.Box);
}
