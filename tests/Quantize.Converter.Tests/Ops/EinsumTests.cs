using Quantize.Converter.TensorFlow;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Einstein sums against the definition: all labels counted through.</summary>
public sealed class EinsumTests
{
    private static readonly Dictionary<char, int> s_sizes = new() { ['a'] = 2, ['b'] = 3, ['c'] = 4, ['d'] = 5, ['e'] = 2, ['i'] = 3, ['j'] = 4, ['k'] = 2 };

    [Theory]
    [InlineData("ab->ba")]
    [InlineData("ab->")]
    [InlineData("abc->ca")]
    [InlineData("aa->a")]
    [InlineData("bab->ab")]
    [InlineData("aa->")]
    [InlineData("ab,bc->ac")]
    [InlineData("ab,cb->ca")]
    [InlineData("abc,cd->abd")]
    [InlineData("abc,cde->abde")]
    [InlineData("abcd,cde->abe")]
    [InlineData("abcd,dce->bae")]
    [InlineData("acbd,aebd->abce")]
    [InlineData("aebd,acbd->abce")]
    [InlineData("abce,aebd->acbd")]
    [InlineData("abi,abj->abij")]
    [InlineData("ab,ab->ab")]
    [InlineData("ab,ab->")]
    [InlineData("a,b->ab")]
    [InlineData("a,b->ba")]
    [InlineData("ab,b->a")]
    [InlineData("b,ab->a")]
    [InlineData("abc,bd->ad")]
    [InlineData(",ab->ab")]
    [InlineData("ab,cd->dacb")]
    [InlineData("aab,bc->ac")]
    public void Sums_follow_their_equation(string equation)
    {
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        float[] expected = Sum(terms, sides[1]);
        foreach (int constant in (int[])[-1, .. Enumerable.Range(0, terms.Length)])
        {
            var builder = new TfGraphBuilder();
            List<Array> inputs = [];
            TfEdge[] operands = [.. terms.Select((term, i) => i == constant && terms.Length > 1 ? builder.Floats($"x{i}", Shape(term), Numbers(i, term)) : Input(builder, i, term, inputs))];
            float[] actual = GraphRun.Floats(builder, builder.Node("y", "Einsum", operands, ("equation", equation)), [.. inputs]);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void An_ellipsis_stands_for_dimensions_that_are_broadcast()
    {
        var builder = new TfGraphBuilder();
        TfEdge x = builder.Input("x", 2, 1, 3, 4), y = builder.Input("y", 3, 4, 2);
        TfEdge product = builder.Node("z", "Einsum", [x, y], ("equation", "...ij,...jk->...ik"));
        float[] a = NumberedFloats.Of(0, 2, 1, 3, 4), b = NumberedFloats.Of(1, 3, 4, 2);
        (int[] shape, byte[] data) = GraphRun.Bytes(builder, product, a, b);
        Assert.Equal([2, 3, 3, 2], shape);
        for (int at = 0; at < 36; at++)
        {
            int n = at / 18, m = at / 6 % 3, i = at / 2 % 3, k = at % 2;
            float sum = Enumerable.Range(0, 4).Sum(j => a[NumberedFloats.Position([2, 3, 4], n, i, j)] * b[NumberedFloats.Position([3, 4, 2], m, j, k)]);
            Assert.Equal(sum, BitConverter.ToSingle(data, at * sizeof(float)));
        }
    }

    [Fact]
    public void Open_dimensions_stay_open()
    {
        var builder = new TfGraphBuilder();
        TfEdge x = builder.Input("x", -1, -1, 4), y = builder.Input("y", -1, -1, 4);
        TfEdge product = builder.Node("z", "Einsum", [x, y], ("equation", "abc,adc->abd"));
        float[] a = NumberedFloats.Of(0, 2, 3, 4), b = NumberedFloats.Of(1, 2, 5, 4);
        (int[] shape, byte[] data) = GraphRun.Bytes(builder, product, [[2, 3, 4], [2, 5, 4]], a, b);
        Assert.Equal([2, 3, 5], shape);
        float last = Enumerable.Range(0, 4).Sum(c => a[20 + c] * b[36 + c]);
        Assert.Equal(last, BitConverter.ToSingle(data, 29 * sizeof(float)));
    }

    private static TfEdge Input(TfGraphBuilder builder, int i, string term, List<Array> inputs)
    {
        inputs.Add(Numbers(i, term));
        return builder.Input($"x{i}", [.. Shape(term).Select(dimension => (long)dimension)]);
    }

    private static float[] Numbers(int operand, string term) => NumberedFloats.Of(operand, Shape(term));

    private static int[] Shape(string term) => [.. term.Select(label => s_sizes[label])];

    private static float[] Sum(string[] terms, string output)
    {
        string labels = string.Concat(string.Concat(terms).Distinct());
        int[] sizes = Shape(labels);
        var result = new float[Shape(output).Aggregate(1, (product, dimension) => product * dimension)];
        for (int at = 0; at < sizes.Aggregate(1, (product, dimension) => product * dimension); at++)
        {
            var index = new Dictionary<char, int>();
            for (int d = labels.Length - 1, rest = at; d >= 0; rest /= sizes[d], d--)
                index[labels[d]] = rest % sizes[d];
            float product = 1;
            for (int i = 0; i < terms.Length; i++)
                product *= Numbers(i, terms[i])[NumberedFloats.Position(Shape(terms[i]), [.. terms[i].Select(label => index[label])])];
            result[NumberedFloats.Position(Shape(output), [.. output.Select(label => index[label])])] += product;
        }

        return result;
    }
}
