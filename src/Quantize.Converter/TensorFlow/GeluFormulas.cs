namespace Quantize.Converter.TensorFlow;

/// <summary>
/// The two ways to write a Gaussian error linear unit, x / 2 * (1 + erf(x / sqrt 2)) and x / 2 * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): the last product becomes
/// the operation <c>Gelu</c>, which TFLite has and TensorFlow has not.
/// </summary>
internal static class GeluFormulas
{
    public const string Operation = "Gelu";
    private const int DeepestProduct = 8;
    private const float RootOfHalf = 0.70710678f, RootOfTwoByPi = 0.79788456f, Cubic = 0.044715f;

    public static void Run(TfGraph graph)
    {
        foreach (TfNode node in graph.Nodes)
        {
            if (node.Op == "Mul" && Match(new TfEdge(node, 0)) is { } match)
                Become(node, match.X, match.Approximate);
        }
    }

    private static void Become(TfNode node, TfEdge x, bool approximate)
    {
        node.Op = Operation;
        node.Inputs.Clear();
        node.Inputs.Add(x);
        node.Attributes["approximate"] = approximate;
    }

    private static (TfEdge X, bool Approximate)? Match(TfEdge edge)
    {
        if (Product.Of(edge) is not { Factors: [TfEdge first, TfEdge second] } product || !Is(product.Number, 0.5f))
            return null;
        return Match(first, second) ?? Match(second, first);
    }

    private static (TfEdge X, bool Approximate)? Match(TfEdge x, TfEdge gate)
    {
        if (gate.Node.Op == "Erfc")
            return IsScaled(gate.Node.Inputs[0], x, -RootOfHalf) ? (x, false) : null;
        if (Sum(gate, 1) is not { } curve)
            return null;
        if (curve.Node.Op == "Erf")
            return IsScaled(curve.Node.Inputs[0], x, RootOfHalf) ? (x, false) : null;
        return curve.Node.Op == "Tanh" && IsCubic(curve.Node.Inputs[0], x) ? (x, true) : null;
    }

    private static bool IsScaled(TfEdge edge, TfEdge x, float factor) => Product.Of(edge) is { Factors: [TfEdge only] } product && only == x && Is(product.Number, factor);

    /// <summary>sqrt(2 / pi) (x + 0.044715 x^3).</summary>
    private static bool IsCubic(TfEdge edge, TfEdge x)
    {
        if (Product.Of(edge) is not { Factors: [TfEdge sum] } product || !Is(product.Number, RootOfTwoByPi) || sum.Node.Op is not ("Add" or "AddV2"))
            return false;
        TfEdge a = Product.Behind(sum.Node.Inputs[0]), b = Product.Behind(sum.Node.Inputs[1]);
        TfEdge? cube = a == x ? b : b == x ? a : null;
        return cube is { } third && Product.Of(third) is { Factors: [TfEdge one, TfEdge two, TfEdge three] } power && one == x && two == x && three == x && Is(power.Number, Cubic);
    }

    /// <summary>What the number is added to.</summary>
    private static TfEdge? Sum(TfEdge edge, float number)
    {
        if (edge.Node.Op is not ("Add" or "AddV2"))
            return null;
        TfEdge a = edge.Node.Inputs[0], b = edge.Node.Inputs[1];
        return ScalarConstants.Number(a) == number ? Product.Behind(b) : ScalarConstants.Number(b) == number ? Product.Behind(a) : null;
    }

    private static bool Is(float number, float wanted) => Math.Abs(number - wanted) <= 1e-5f * Math.Abs(wanted);

    /// <summary>A number times factors that are none.</summary>
    private sealed record Product(float Number, TfEdge[] Factors)
    {
        public static Product? Of(TfEdge edge, int depth = 0)
        {
            edge = Behind(edge);
            TfNode node = edge.Node;
            if (depth > DeepestProduct)
                return null;
            if (ScalarConstants.Number(edge) is { } number)
                return new Product(number, []);
            return node.Op switch
            {
                "Mul" => Times(Of(node.Inputs[0], depth + 1), Of(node.Inputs[1], depth + 1)),
                "RealDiv" when ScalarConstants.Number(node.Inputs[1]) is { } divisor => Times(Of(node.Inputs[0], depth + 1), new Product(1 / divisor, [])),
                "Neg" => Times(Of(node.Inputs[0], depth + 1), new Product(-1, [])),
                "Square" => new Product(1, [Behind(node.Inputs[0]), Behind(node.Inputs[0])]),
                "Pow" when ScalarConstants.Number(node.Inputs[1]) == 3 => new Product(1, [.. Enumerable.Repeat(Behind(node.Inputs[0]), 3)]),
                _ => new Product(1, [edge]),
            };
        }

        public static TfEdge Behind(TfEdge edge)
        {
            for (int depth = 0; edge.Node.Op is "Identity" or "StopGradient" && depth < DeepestProduct; depth++)
                edge = edge.Node.Inputs[0];
            return edge;
        }

        private static Product? Times(Product? a, Product? b) => a is null || b is null ? null : new Product(a.Number * b.Number, [.. a.Factors, .. b.Factors]);
    }
}
