using Quantize.Runtime.Threads;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Threads;

public sealed class SessionThreadsTests
{
    public static TheoryData<string, bool> Layers { get; } = [.. LayerModels.All.Keys.Select(name => (name, false)), .. LayerModels.WithWeights.Select(name => (name, true))];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Results_are_the_same_for_any_number_of_threads(string layer, bool quantized)
    {
        byte[] file = LayerModels.Of(layer, quantized);
        float[][] expected = Run(file, 1);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            float[][] actual = Run(file, threads);
            for (int run = 0; run < actual.Length; run++)
                Assert.Equal(expected[run], actual[run]);
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_that_is_large_enough_is_cut(string layer, bool quantized)
    {
        var workers = new Workers(3);
        using CompiledModel model = CompiledModel.Load(LayerModels.Of(layer, quantized), Options(workers, 3));
        using Session session = model.CreateSession();
        session.Run();
        Assert.True(workers.NextGeneration() > 1, "nothing was given to the team");
        Assert.Equal(3, workers.Free);
    }

    [Fact]
    public void A_run_with_threads_allocates_nothing()
    {
        foreach (bool quantized in new[] { false, true })
        {
            using CompiledModel model = CompiledModel.Load(LayerModels.Of("convolution by rows, padded", quantized), Options(new Workers(3), 3));
            using Session session = model.CreateSession();
            for (int i = 0; i < 20; i++)
                session.Run();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                session.Run();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public async Task Sessions_that_together_ask_for_more_threads_than_there_are_get_their_own_results()
    {
        byte[] file = LayerModels.Of("convolution of fewer items than threads", quantized: true);
        float[] expected = Run(file, 1)[0];
        var workers = new Workers(4);
        using CompiledModel model = CompiledModel.Load(file, Options(workers, 4));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using Session session = model.CreateSession();
                LayerModels.Values(session.Input<float>(0).Length, 0).CopyTo(session.Input<float>(0));
                for (int i = 0; i < 30; i++)
                {
                    session.Run();
                    Assert.Equal(expected, session.Output<float>(0).ToArray());
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(4, workers.Free);
    }

    [Fact]
    public void A_session_that_is_disposed_or_fails_leaves_no_worker_behind()
    {
        var workers = new Workers(3);
        using CompiledModel model = CompiledModel.Load(LayerModels.Of("sum of two tensors", quantized: false), Options(workers, 3));
        Session session = model.CreateSession();
        session.Run();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(session.Run);
        Assert.Equal(3, workers.Free);
        using Session next = model.CreateSession();
        next.Run();
        next.Profile();
        Assert.Equal(3, workers.Free);
    }

    [Fact]
    public void A_small_model_stays_with_its_caller()
    {
        var workers = new Workers(4);
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic, Options(workers, 0));
        using Session session = model.CreateSession();
        session.Run();
        Assert.Equal(1, workers.NextGeneration());
    }

    [Fact]
    public void One_thread_is_the_default_and_a_negative_number_is_refused()
    {
        Assert.Equal(1, new CompileOptions().Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompileOptions { Threads = -1 });
    }

    [Fact]
    public void A_program_sets_the_default_for_all_its_models()
    {
        Assert.Equal("Quantize.Runtime.Threads", ThreadSetting.Name);
        Assert.Equal(1, ThreadSetting.Parse(null));
        Assert.Equal(4, ThreadSetting.Parse("4"));
        Assert.Equal(0, ThreadSetting.Parse(0));
        foreach (object wrong in new object[] { "-1", "all", "", -1, 2.0 })
            Assert.Contains(ThreadSetting.Name, Assert.Throws<InvalidOperationException>(() => ThreadSetting.Parse(wrong)).Message);
    }

    private static CompileOptions Options(Workers workers, int threads) => new() { Threads = threads, Workers = workers };

    /// <summary>The outputs of some runs with different inputs.</summary>
    private static float[][] Run(byte[] file, int threads)
    {
        using CompiledModel model = CompiledModel.Load(file, Options(new Workers(threads), threads));
        using Session session = model.CreateSession();
        var outputs = new float[3][];
        for (int run = 0; run < outputs.Length; run++)
        {
            for (int i = 0; i < session.Signature.Inputs.Count; i++)
                LayerModels.Values(session.Input<float>(i).Length, run + 10 * i).CopyTo(session.Input<float>(i));
            session.Run();
            outputs[run] = session.Output<float>(0).ToArray();
        }

        return outputs;
    }
}
