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

    public static Dimension Symbol(string name) => new(name, 1);

    /// <summary>The number that a symbol is multiplied by.</summary>
    public int Coefficient => IsKnown ? throw new InvalidOperationException($"{_value} is no symbol") : _value;

    /// <summary>The symbol without its coefficient.</summary>
    public Dimension Unit => new(_symbol, 1);

    public static Dimension operator +(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value + b._value),
        ({ IsKnown: true, _value: 0 }, _) => b,
        (_, { IsKnown: true, _value: 0 }) => a,
        _ when a._symbol == b._symbol => Times(a._symbol!, checked(a._value + b._value)),
        _ => Symbol($"({a}+{b})"),
    };

    public static Dimension operator -(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value - b._value),
        (_, { IsKnown: true, _value: 0 }) => a,
        _ when a._symbol == b._symbol => Times(a._symbol!, checked(a._value - b._value)),
        _ => Symbol($"({a}-{b})"),
    };

    public static Dimension operator *(Dimension a, Dimension b) => (a, b) switch
    {
        ({ IsKnown: true }, { IsKnown: true }) => checked(a._value * b._value),
        ({ IsKnown: true }, _) => Times(b._symbol!, checked(a._value * b._value)),
        (_, { IsKnown: true }) => Times(a._symbol!, checked(a._value * b._value)),
        _ => Times($"({a._symbol}*{b._symbol})", checked(a._value * b._value)),
    };

    /// <summary>The quotient rounded towards positive infinity: how many windows of that stride begin inside.</summary>
    public Dimension CeilingDivide(int divisor) => divisor == 1 ? this
        : IsKnown ? (int)Math.Ceiling(_value / (double)divisor)
        : _value % divisor == 0 ? Times(_symbol!, _value / divisor)
        : Symbol($"ceil({this}/{divisor})");

    public override string ToString() => IsKnown ? _value.ToString(CultureInfo.InvariantCulture)
        : _value == 1 ? _symbol!
        : string.Create(CultureInfo.InvariantCulture, $"({_symbol}*{_value})");

    private static Dimension Times(string symbol, int coefficient) => coefficient == 0 ? 0 : new Dimension(symbol, coefficient);
}
