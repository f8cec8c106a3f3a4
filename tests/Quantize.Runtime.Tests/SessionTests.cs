using System.Runtime.InteropServices;
using Quantize.Tests;

namespace Quantize.Runtime.Tests;

public sealed class SessionTests
{
    private const int PictureSize = 16 * 16;

    [Fact]
    public void An_input_is_that_of_its_key_whatever_the_order_in_the_graph()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.SubtractInt32);
        using Session session = model.CreateSession();
        Assert.Equal(["x", "y"], session.Signature.Inputs.Select(input => input.Key));
        session.Input<int>("x").Fill(7);
        session.Input<int>("y").Fill(2);
        Assert.Equal([3, 5], session.InputShape(0));
        session.Run();
        Assert.All(session.Output<int>(0).ToArray(), value => Assert.Equal(5, value));
    }

    [Fact]
    public void Every_signature_has_sessions_of_its_own()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.EncodeDecode);
        Assert.Equal(["decode", "encode"], model.Signatures.Select(signature => signature.Key).Order());
        using Session encode = model.CreateSession("encode");
        Assert.Equal(["code", "norm"], encode.Signature.Outputs.Select(output => output.Key));
        encode.Input<float>("features").Fill(1);
        encode.Run();
        Assert.Equal([2, 9], encode.OutputShape(0));
        Assert.Equal([2], encode.OutputShape(1));
        Assert.Equal(18, encode.Output<float>("code").Length);
        Assert.Equal([6, 6], encode.Output<float>("norm").ToArray()); // the squares of six ones

        ArgumentException unknown = Assert.Throws<ArgumentException>(() => model.CreateSession("nope"));
        Assert.Contains("'nope'", unknown.Message);
        Assert.Contains("'encode'", unknown.Message);
    }

    [Theory]
    [InlineData(Arithmetic.Precise)]
    [InlineData(Arithmetic.Fast)]
    public void Each_picture_of_a_batch_gets_what_it_gets_alone(Arithmetic arithmetic)
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic, new CompileOptions { Arithmetic = arithmetic });
        using Session session = model.CreateSession();
        float[] pictures = Pictures(5);
        session.Resize(0, 5, 16, 16, 1);
        pictures.CopyTo(session.Input<float>(0));
        session.Run();
        float[] together = session.Output<float>("logits").ToArray();
        session.Resize(0, 1, 16, 16, 1);
        for (int i = 0; i < 5; i++)
        {
            pictures.AsSpan(i * PictureSize, PictureSize).CopyTo(session.Input<float>(0));
            session.Run();
            ReadOnlySpan<float> alone = session.Output<float>("logits");
            for (int j = 0; j < alone.Length; j++)
                Assert.Equal(together[i * 10 + j], alone[j], 1e-5f);
        }
    }

    [Fact]
    public void A_batch_size_seen_before_keeps_its_plan_and_allocates_nothing()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        using Session session = model.CreateSession();
        int[] batches = [1, 4, 2];
        foreach (int batch in batches)
            Run(session, batch);
        IReadOnlyList<PlannedOperator> plan = session.Plan;
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int batch in batches)
            Run(session, batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(plan, session.Plan);
    }

    [Fact]
    public void More_batch_sizes_than_are_remembered_still_work()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetFloat);
        using Session session = model.CreateSession();
        for (int round = 0; round < 2; round++)
        {
            for (int batch = 0; batch <= 12; batch++)
            {
                Run(session, batch);
                Assert.Equal(batch, session.Output<long>("classes").Length);
                Assert.Equal([batch, 10], session.OutputShape(2));
            }
        }
    }

    [Theory]
    [InlineData(Arithmetic.Precise)]
    [InlineData(Arithmetic.Fast)]
    public void A_run_allocates_nothing(Arithmetic arithmetic)
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic, new CompileOptions { Arithmetic = arithmetic });
        using Session session = model.CreateSession();
        session.Warmup();
        Hundred(session); // the first runs on values other than zeros enter code that nothing has entered before
        long before = GC.GetAllocatedBytesForCurrentThread();
        float sum = Hundred(session);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(float.IsFinite(sum));

        static float Hundred(Session session)
        {
            float sum = 0;
            for (int i = 0; i < 100; i++)
            {
                session.Input<float>(0)[i] = i;
                session.Run();
                sum += session.Output<float>("logits")[3];
            }

            return sum;
        }
    }

    [Fact]
    public void A_shape_that_the_file_does_not_allow_is_refused_by_name()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        using Session session = model.CreateSession();
        foreach (int[] shape in (int[][])[[1, 16, 16], [1, 16, 15, 1], [-1, 16, 16, 1], [1, 16, 16, 1, 1], []])
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => session.Resize(0, shape));
            Assert.Contains($"'images' has the shape [?,16,16,1] and cannot take [{string.Join(',', shape)}]", refused.Message);
        }

        session.Run(); // still usable
    }

    [Fact]
    public void Wrong_types_and_keys_are_refused_by_name()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        using Session session = model.CreateSession();
        Assert.Contains("'images' has elements of type Float32, not Int32", Assert.Throws<ArgumentException>(() => session.Input<int>(0).Length).Message);
        Assert.Contains("'classes' has elements of type Int64, not Int32", Assert.Throws<ArgumentException>(() => session.Output<int>("classes").Length).Message);
        Assert.Contains("no input 'image'; it has 'images'", Assert.Throws<ArgumentException>(() => session.Input<float>("image").Length).Message);
        Assert.Contains("no output 'x'; it has 'classes', 'logits', 'probabilities'", Assert.Throws<ArgumentException>(() => session.Output<float>("x").Length).Message);
        Assert.Contains("no tensor 'x'", Assert.Throws<ArgumentException>(() => session.ReadTensor("x", out _).Length).Message);
    }

    [Fact]
    public void A_disposed_session_says_so()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        Session session = model.CreateSession();
        session.Run();
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(session.Run);
        Assert.Throws<ObjectDisposedException>(() => session.Input<float>(0).Length);
        Assert.Throws<ObjectDisposedException>(() => session.Output<float>("logits").Length);
        Assert.Throws<ObjectDisposedException>(session.Reset);
    }

    [Fact]
    public void A_profile_has_the_steps_of_the_plan_with_their_times()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        using Session session = model.CreateSession();
        session.Warmup();
        IReadOnlyList<OperatorProfile> profile = session.Profile();
        Assert.Equal(session.Plan, profile.Select(step => step.Step));
        Assert.All(profile, step => Assert.True(step.Time >= TimeSpan.Zero));
        Assert.Contains(profile, step => step.Time > TimeSpan.Zero);
        Assert.Contains(session.Plan, step => step.Kernel.Contains("hybrid precise", StringComparison.Ordinal));
    }

    [Fact]
    public void With_all_tensors_kept_each_is_what_the_next_layer_reads()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetFloat, new CompileOptions { KeepAllTensors = true });
        using CompiledModel shared = CompiledModel.Load(TestModels.LeNetFloat);
        using Session session = model.CreateSession(), compact = shared.CreateSession();
        Pictures(1).CopyTo(session.Input<float>(0));
        session.Run();
        PlannedOperator pool = session.Plan.First(step => step.Operator == "MaxPool2D");
        PlannedOperator convolution = session.Plan.First(step => step.Operator == "Conv2D");
        float greatest = MemoryMarshal.Cast<byte, float>(session.ReadTensor(convolution.Name, out IReadOnlyList<int> shape)).ToArray().Max();
        Assert.Equal([1, 16, 16, 8], shape);
        Assert.Equal(greatest, MemoryMarshal.Cast<byte, float>(session.ReadTensor(pool.Name, out _)).ToArray().Max());
        Assert.True(compact.ArenaBytes < session.ArenaBytes, "a compact arena shares memory between layers");
        Assert.Contains(session.Tensors, tensor => tensor.Name == pool.Name);
    }

    [Fact]
    public void NaN_in_one_picture_stays_there()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        using Session session = model.CreateSession();
        session.Resize(0, 3, 16, 16, 1);
        Pictures(3).CopyTo(session.Input<float>(0));
        session.Input<float>(0)[PictureSize + 100] = float.NaN;
        session.Run();
        float[] logits = session.Output<float>("logits").ToArray();
        Assert.All(logits[..10], value => Assert.True(float.IsFinite(value)));
        Assert.All(logits[10..20], value => Assert.True(float.IsNaN(value)));
        Assert.All(logits[20..], value => Assert.True(float.IsFinite(value)));
    }

    private static void Run(Session session, int batch)
    {
        session.Resize(0, batch, 16, 16, 1);
        session.Input<float>(0).Fill(0.5f);
        session.Run();
    }

    private static float[] Pictures(int count) => [.. Enumerable.Range(0, count * PictureSize).Select(i => i * 29 % 64 / 64f)];

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_position_that_is_not_there_is_told_with_how_many_there_are(int position)
    {
        using CompiledModel model = CompiledModel.Load(TestModels.SubtractInt32);
        using Session session = model.CreateSession();
        Action[] inputs = [() => session.Resize(position, 3, 5), () => session.Input<int>(position), () => session.InputShape(position)];
        Action[] outputs = [() => session.Output<int>(position), () => session.OutputShape(position)];
        Assert.All(inputs, call => Assert.Contains("has 2 inputs, counted from 0", Assert.Throws<ArgumentOutOfRangeException>("input", call).Message));
        Assert.All(outputs, call => Assert.Contains("has 1 output, counted from 0", Assert.Throws<ArgumentOutOfRangeException>("output", call).Message));
    }

    [Fact]
    public void Whatever_a_model_tells_of_itself_prints_its_shapes()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic, new CompileOptions { Isa = "scalar" });
        using Session session = model.CreateSession();
        PlannedOperator convolution = session.Plan.First(step => step.Operator == "Conv2D");
        Assert.Matches(@"^Conv2D '[^']+' \[1,16,16,\d+\] scalar ", convolution.ToString());
        Assert.Matches(@"^\d+\.\d{3} ms \w+ '", session.Profile()[0].ToString());
        Assert.Matches(@"^serving_default: images Float32 \[\?,16,16,1\] -> \w+ \w+ \[\?", session.Signature.ToString());
        Assert.DoesNotContain("System.", string.Concat<object>([.. session.Plan, .. session.Tensors, .. model.Signatures]));
    }
}
