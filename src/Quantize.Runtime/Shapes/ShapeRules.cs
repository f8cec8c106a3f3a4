using Quantize.Runtime.Format;

namespace Quantize.Runtime.Shapes;

/// <summary>The dozen ways in which an output's shape follows from the inputs'.</summary>
internal static class ShapeRules
{
    /// <summary>The shape two operands give together: equal dimensions stay, a 1 stretches, missing leading ones count as 1.</summary>
    public static Shape Broadcast(ShapeContext context, Shape a, Shape b)
    {
        if (!a.HasRank || !b.HasRank)
            return Shape.Unknown;
        int rank = Math.Max(a.Rank, b.Rank);
        var dimensions = new Dimension[rank];
        for (int i = 0; i < rank; i++)
        {
            Dimension x = i < rank - a.Rank ? 1 : a[i - (rank - a.Rank)];
            Dimension y = i < rank - b.Rank ? 1 : b[i - (rank - b.Rank)];
            dimensions[i] = x == y || y == 1 ? x
                : x == 1 ? y
                : !x.IsKnown && y.IsKnown ? y
                : !y.IsKnown && x.IsKnown ? x
                : !x.IsKnown ? Dimension.Symbol($"max({x},{y})")
                : throw context.Fail($"cannot broadcast {a} with {b}");
        }

        return Shape.Of(dimensions);
    }

    /// <summary>Positions of a sliding window along one dimension.</summary>
    public static Dimension Window(ShapeContext context, Dimension input, int filter, int stride, int dilation, Padding padding)
    {
        if (filter <= 0 || stride <= 0 || dilation <= 0)
            throw context.Fail($"has a window of {filter} with stride {stride} and dilation {dilation}; all must be positive");
        int extent = checked((filter - 1) * dilation + 1);
        Dimension output = padding == Padding.Same ? input.CeilingDivide(stride) : (input - (extent - 1)).CeilingDivide(stride);
        return output.IsKnown && output.Value < 0 ? 0 : output;
    }

    /// <summary>Zeros before the first element, so that SAME padding has one less in front than behind where the total is odd.</summary>
    public static int PaddingBefore(int input, int output, int filter, int stride, int dilation, Padding padding)
    {
        if (padding == Padding.Valid)
            return 0;
        int total = Math.Max(0, (output - 1) * stride + (filter - 1) * dilation + 1 - input);
        return total / 2;
    }

    /// <summary>The shape a RESHAPE asks for: at most one -1, which takes what is left.</summary>
    public static Shape Reshape(ShapeContext context, Shape input, ReadOnlySpan<Dimension> wanted)
    {
        int open = -1;
        Dimension known = 1;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == -1)
                open = open < 0 ? i : throw context.Fail("has two dimensions of -1");
            else if (wanted[i].IsKnown && wanted[i].Value < 0)
                throw context.Fail($"has the dimension {wanted[i]}");
            else
                known *= wanted[i];
        }

        Dimension[] dimensions = wanted.ToArray();
        if (open >= 0)
            dimensions[open] = input.HasRank ? Rest(context, input, wanted, known) : Dimension.Symbol($"rest({known})");
        else if (input.HasRank && input.ElementCount is { IsKnown: true } count && known.IsKnown && count != known)
            throw context.Fail($"cannot give {input} the shape [{string.Join(',', dimensions)}]");
        return Shape.Of(dimensions);
    }

    /// <summary>What is left of the input's elements: symbols that stand on both sides cancel.</summary>
    private static Dimension Rest(ShapeContext context, Shape input, ReadOnlySpan<Dimension> wanted, Dimension known)
    {
        List<Dimension> above = [.. input.Dimensions.Where(dimension => !dimension.IsKnown).Select(dimension => dimension.Unit)];
        List<Dimension> below = [];
        long numerator = input.Dimensions.Aggregate(1L, (product, dimension) => product * (dimension.IsKnown ? dimension.Value : dimension.Coefficient));
        long denominator = 1;
        foreach (Dimension dimension in wanted)
        {
            if (dimension.IsKnown)
                denominator *= dimension == -1 ? 1 : dimension.Value;
            else
                denominator *= dimension.Coefficient;
            if (!dimension.IsKnown && !above.Remove(dimension.Unit))
                below.Add(dimension.Unit);
        }

        if (denominator == 0)
            return 0;
        if (below.Count == 0 && numerator % denominator == 0)
        {
            return above.Aggregate((Dimension)checked((int)(numerator / denominator)), (product, dimension) => product * dimension);
        }

        return above.Count == 0 && below.Count == 0
            ? throw context.Fail($"cannot divide the elements of {input} by {known}")
            : Dimension.Symbol($"({input.ElementCount}/{known})");
    }
}
