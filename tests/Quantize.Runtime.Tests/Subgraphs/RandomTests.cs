using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class RandomTests
{
    /// <summary>The authors' own vectors for ten rounds: counter and key of zeros, and of ones.</summary>
    [Fact]
    public void The_generator_gives_its_authors_numbers()
    {
        uint[] numbers = new uint[4];
        new Philox(0, 0).Block(0, numbers);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], numbers);
        new Philox(-1, -1).Block(-1, numbers);
        Assert.Equal([0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu], numbers);
    }

    [Fact]
    public void A_session_goes_on_in_its_sequence_and_begins_anew_when_it_is_reset()
    {
        using CompiledModel model = Load(BuiltinOperator.RandomUniform);
        using Session session = model.CreateSession(), other = model.CreateSession();
        float[] first = Run(session), second = Run(session);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Run(other));
        session.Reset();
        Assert.Equal(first, Run(session));
        Assert.All(first, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, first.Average(), 0.02);
    }

    [Fact]
    public void Normal_numbers_have_mean_0_and_variance_1()
    {
        using CompiledModel model = Load(BuiltinOperator.RandomStandardNormal);
        using Session session = model.CreateSession();
        float[] numbers = Run(session);
        Assert.Equal(0, numbers.Average(), 0.05);
        Assert.Equal(1, numbers.Average(number => number * number), 0.1);
    }

    [Fact]
    public void Classes_are_drawn_as_often_as_their_logits_say()
    {
        var main = new SubgraphBuilder("main");
        int logits = main.Input("logits", TensorType.Float32, 2, 3);
        main.Return(main.Call(BuiltinOperator.Multinomial, [logits, main.Scalar(4000)], "drawn", TensorType.Int64, [2, 4000], new RandomOptions { Seed = 3 }));
        using CompiledModel model = ModelWriter.Load(main);
        using Session session = model.CreateSession();
        float[] values = [MathF.Log(1), MathF.Log(2), MathF.Log(5), float.NegativeInfinity, 0, float.NegativeInfinity];
        values.CopyTo(session.Input<float>(0));
        session.Run();
        long[] drawn = session.Output<long>(0).ToArray();
        Assert.Equal([0.125, 0.25, 0.625], Enumerable.Range(0, 3).Select(c => Math.Round(drawn[..4000].Count(value => value == c) / 4000.0 * 40) / 40));
        Assert.All(drawn[4000..], value => Assert.Equal(1, value));
    }

    private static CompiledModel Load(BuiltinOperator code)
    {
        var main = new SubgraphBuilder("main");
        return ModelWriter.Load(main.Return(main.Call(code, [main.Constant(TensorType.Int32, [7, 999], 2)], "numbers", TensorType.Float32, [7, 999], new RandomOptions { Seed = 5, Seed2 = 9 })));
    }

    private static float[] Run(Session session)
    {
        session.Run();
        return session.Output<float>(0).ToArray();
    }
}
