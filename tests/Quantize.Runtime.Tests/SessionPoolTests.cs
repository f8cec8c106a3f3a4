using Quantize.Tests;

namespace Quantize.Runtime.Tests;

public sealed class SessionPoolTests
{
    [Fact]
    public async Task Threads_share_a_pool_and_each_gets_its_own_results()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        var pool = new SessionPool<Session>(() => model.CreateSession());
        float[][] expected = [.. Enumerable.Range(0, 8).Select(seed => Logits(pool, seed))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 200; i++)
                    Assert.Equal(expected[seed], Logits(pool, seed));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public void A_returned_session_is_rented_again_and_a_surplus_one_is_disposed()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        int made = 0;
        var pool = new SessionPool<Session>(() =>
        {
            made++;
            return model.CreateSession();
        });
        Session first = pool.Rent();
        pool.Return(first);
        Assert.Same(first, pool.Rent());
        Session[] sessions = [first, .. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => pool.Rent())];
        Assert.Equal(Environment.ProcessorCount + 1, made);
        foreach (Session session in sessions)
            pool.Return(session);
        Assert.Single(sessions, IsDisposed);
    }

    [Fact]
    public void Renting_and_returning_allocate_nothing()
    {
        using CompiledModel model = CompiledModel.Load(TestModels.LeNetDynamic);
        var pool = new SessionPool<Session>(() => model.CreateSession());
        pool.Return(pool.Rent());
        long before = GC.GetAllocatedBytesForCurrentThread();
        pool.Return(pool.Rent());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool IsDisposed(Session session)
    {
        try
        {
            session.Reset();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static float[] Logits(SessionPool<Session> pool, int seed)
    {
        Session session = pool.Rent();
        Span<float> picture = session.Input<float>(0);
        for (int i = 0; i < picture.Length; i++)
            picture[i] = i * (29 + seed) % 64 / 64f;
        session.Run();
        float[] logits = session.Output<float>("logits").ToArray();
        pool.Return(session);
        return logits;
    }
}
