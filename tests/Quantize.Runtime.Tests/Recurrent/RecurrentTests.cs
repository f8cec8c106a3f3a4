using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Kernels;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Recurrent;

public sealed class RecurrentTests
{
    private const int Steps = 60; // more than are multiplied at a time, and a rest

    public static TheoryData<string, bool> Models => new() { { "lstm", false }, { "lstm", true }, { "rnn", false }, { "rnn", true } };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_sequence_gives_what_its_parts_give_one_after_the_other(string name, bool isQuantized)
    {
        float[] values = RecurrentModel.Values(Steps * RecurrentModel.Features), whole = Run(Write(name, Steps, isQuantized), values);
        using CompiledModel model = CompiledModel.Load(Write(name, 1, isQuantized));
        using Session session = model.CreateSession();
        for (int step = 0; step < Steps; step++)
        {
            values.AsSpan(step * RecurrentModel.Features, RecurrentModel.Features).CopyTo(session.Input<float>(0));
            session.Run();
            Close(whole.AsSpan(step * RecurrentModel.Units, RecurrentModel.Units), session.Output<float>(0), 1e-5f);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void State_lasts_until_the_session_is_reset(string name, bool isQuantized)
    {
        using CompiledModel model = CompiledModel.Load(Write(name, 3, isQuantized));
        using Session session = model.CreateSession(), other = model.CreateSession();
        float[] values = RecurrentModel.Values(3 * RecurrentModel.Features);
        float[] first = Run(session, values), second = Run(session, values);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Run(other, values));
        session.Reset();
        Assert.Equal(first, Run(session, values));
        Assert.Equal(second, Run(session, values));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_run_allocates_nothing(string name, bool isQuantized)
    {
        using CompiledModel model = CompiledModel.Load(Write(name, Steps, isQuantized));
        using Session session = model.CreateSession();
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(KernelRows.All), MemberType = typeof(KernelRows))]
    public void All_instruction_sets_agree(string isa)
    {
        foreach (string name in (string[])["lstm", "rnn"])
        {
            float[] values = RecurrentModel.Values(Steps * RecurrentModel.Features);
            foreach (bool isQuantized in (bool[])[false, true])
            {
                float[] scalar = Run(Write(name, Steps, isQuantized), values, "scalar"), here = Run(Write(name, Steps, isQuantized), values, isa);
                // A state that differs in its last bit may fall on the other side of a half where it becomes a code: then a step of the code is what two runs differ by.
                Close(scalar, here, isQuantized ? 0.02f : 1e-5f);
            }
        }
    }

    [Fact]
    public void Eight_bits_stay_near_the_float_cell()
    {
        float[] values = RecurrentModel.Values(Steps * RecurrentModel.Features);
        foreach (string name in (string[])["lstm", "rnn"])
            Close(Run(Write(name, Steps, false), values), Run(Write(name, Steps, true), values), 0.05f);
    }

    [Fact]
    public void Time_may_be_the_outer_dimension_and_open()
    {
        using CompiledModel model = CompiledModel.Load(RecurrentModel.Lstm(0, isQuantized: false, timeMajor: true, batch: 2));
        using Session session = model.CreateSession(), single = model.CreateSession();
        session.Resize(0, Steps, 2, RecurrentModel.Features);
        float[] values = RecurrentModel.Values(2 * Steps * RecurrentModel.Features), whole = Run(session, values);
        for (int step = 0; step < Steps; step++)
        {
            int length = 2 * RecurrentModel.Features;
            Close(whole.AsSpan(step * 2 * RecurrentModel.Units, 2 * RecurrentModel.Units), Run(single, values[(step * length)..((step + 1) * length)]), 1e-5f);
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused_by_name()
    {
        Assert.Contains("variable tensor", Refusal(model => model.Tensors[^2] = model.Tensors[^2] with { IsVariable = false, Data = new byte[RecurrentModel.Units * 4] }), StringComparison.Ordinal);
        Assert.Contains("in its state", Refusal(model => model.Tensors[^2] = model.Tensors[^2] with { Shape = [1, RecurrentModel.Units - 1] }), StringComparison.Ordinal);
        Assert.Contains("wants weights", Refusal(model => model.Tensors[1] = model.Tensors[1] with { Shape = [RecurrentModel.Features, RecurrentModel.Units] }), StringComparison.Ordinal);
    }

    /// <summary>What is said of an RNN after a change of its tensors.</summary>
    private static string Refusal(Action<SubgraphBuilder> change)
    {
        var graph = new SubgraphBuilder("main");
        int input = graph.Input("x", TensorType.Float32, 1, 2, RecurrentModel.Features), units = RecurrentModel.Units;
        int weights = graph.Constant(TensorType.Float32, new float[units * RecurrentModel.Features], units, RecurrentModel.Features);
        int recurrent = graph.Constant(TensorType.Float32, new float[units * units], units, units), bias = graph.Constant(TensorType.Float32, new float[units], units);
        int state = graph.Variable("state", TensorType.Float32, 1, units);
        graph.Return(graph.Call(BuiltinOperator.UnidirectionalSequenceRnn, [input, weights, recurrent, bias, state], "y", TensorType.Float32, [1, 2, units], new SequenceRnnOptions()));
        change(graph);
        using CompiledModel model = ModelWriter.Load(graph);
        using Session session = model.CreateSession();
        return Assert.Throws<ModelFormatException>(session.Run).Message;
    }

    private static byte[] Write(string name, int steps, bool isQuantized) => name == "lstm" ? RecurrentModel.Lstm(steps, isQuantized) : RecurrentModel.Rnn(steps, isQuantized);

    private static float[] Run(byte[] bytes, float[] values, string? isa = null)
    {
        using CompiledModel model = CompiledModel.Load(bytes, new CompileOptions { Isa = isa });
        using Session session = model.CreateSession();
        return Run(session, values);
    }

    private static float[] Run(Session session, float[] values)
    {
        values.CopyTo(session.Input<float>(0));
        session.Run();
        return session.Output<float>(0).ToArray();
    }

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
