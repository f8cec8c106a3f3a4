using Quantize.Converter.Keras;

namespace Quantize.Converter.Tests.Keras;

/// <summary>Calls run in the order of their distance from the outputs.</summary>
public sealed class CallOrderTests
{
    [Fact]
    public void The_furthest_call_comes_first_whatever_the_outputs_are_called_in()
    {
        Dictionary<string, string[]> needs = new() { ["near"] = ["x"], ["far"] = ["x"], ["further"] = ["far"], ["x"] = [] };
        Assert.Equal(["x", "far", "further", "near"], Order(needs, "near", "further"));
    }

    [Fact]
    public void A_circle_ends()
    {
        Dictionary<string, string[]> needs = new() { ["a"] = ["b"], ["b"] = ["a"] };
        Assert.Equal(["a", "b"], Order(needs, "a").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_long_chain_needs_no_deep_stack()
    {
        Dictionary<string, string[]> needs = Enumerable.Range(0, 50_000).ToDictionary(i => $"{i}", i => i == 0 ? [] : (string[])[$"{i - 1}"]);
        Assert.Equal("0", Order(needs, "49999").First());
    }

    private static IEnumerable<string> Order(Dictionary<string, string[]> needs, params string[] outputs) =>
        CallOrder.Of(outputs.Select(name => (name, 0)), call => [.. needs[call.Layer].Select(name => (name, 0))]).Select(call => call.Layer);
}
