using System.Globalization;

namespace Quantize.Runtime.Shapes;

/// <summary>
/// One dimension of a tensor: a number, or a symbol for a number that only a run knows. Two dimensions with the same symbol are the same number, so
/// "the same batch" stays known; arithmetic on symbols gives a symbol whose text is the expression.
/// </summary>
internal readonly record struct Dimension
{
    private readonly string? _symbol;
    private readonly int _value;

    private Dimension(string? symbol, int value)
    {
        _symbol = symbol;
        _value = value;
    }

    public bool IsKnown => _symbol is null;

    /// <summary>The number; only where <see cref="IsKnown"/>.</summary>
    public int Value => IsKnown ? _value : throw new InvalidOperationException($"the dimension '{_symbol}' is not known");

    public static implicit operator Dimension(int value) => new(null, value);

    public static Dimension Symbol(string name) => new(name, 0);

    public static Dimension operator +(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value + b._value),
        ({ IsKnown: true, _value: 0 }, _) => b,
        (_, { IsKnown: true, _value: 0 }) => a,
        _ => Symbol($"({a}+{b})"),
    };

    public static Dimension operator -(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value - b._value),
        (_, { IsKnown: true, _value: 0 }) => a,
        _ when a == b => 0,
        _ => Symbol($"({a}-{b})"),
    };

    public static Dimension operator *(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value * b._value),
        ({ IsKnown: true, _value: 0 }, _) or (_, { IsKnown: true, _value: 0 }) => 0,
        ({ IsKnown: true, _value: 1 }, _) => b,
        (_, { IsKnown: true, _value: 1 }) => a,
        ({ IsKnown: true }, _) => Symbol($"({b}*{a})"),
        _ => Symbol($"({a}*{b})"),
    };

    /// <summary>The quotient rounded towards positive infinity: how many windows of that stride begin inside.</summary>
    public Dimension CeilingDivide(int divisor) => divisor == 1 ? this
        : IsKnown ? (int)Math.Ceiling(_value / (double)divisor)
        : Symbol($"ceil({this}/{divisor})");

    public override string ToString() => _symbol ?? _value.ToString(CultureInfo.InvariantCulture);
}
