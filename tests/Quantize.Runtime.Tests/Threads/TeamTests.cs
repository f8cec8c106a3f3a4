using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Tests.Threads;

public sealed class TeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_part_is_computed_once_and_no_member_has_two_at_a_time(int threads)
    {
        var team = new Team(new Workers(threads), threads);
        for (int round = 0; round < 2000; round++)
        {
            var work = new CountedParts(1 + round % 23, threads);
            team.Gather();
            Assert.Equal(threads, team.Members);
            team.Run(work, work.Counts.Count);
            Assert.All(work.Counts, count => Assert.Equal(1, count));
            Assert.Equal(0, work.Clashes);
            if (round % 10 == 9)
                team.Dissolve(); // so that workers come late, to another run
        }
    }

    [Fact]
    public void A_failing_part_is_told_to_the_caller_after_all_parts_are_done_and_the_team_goes_on()
    {
        var team = new Team(new Workers(3), 3);
        team.Gather();
        for (int part = 0; part < 20; part++)
        {
            var failing = new CountedParts(20, 3) { Failing = part };
            InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => team.Run(failing, 20));
            Assert.Equal($"part {part} fails", failure.Message);
            Assert.All(failing.Counts, count => Assert.Equal(1, count));
            var work = new CountedParts(20, 3);
            team.Run(work, 20);
            Assert.All(work.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Teams_share_the_workers_and_give_them_back_when_too_many_threads_run()
    {
        var workers = new Workers(4);
        Team first = new(workers, 4), second = new(workers, 4), third = new(workers, 4);
        first.Gather();
        Assert.Equal((4, 0), (first.Members, workers.Free));
        second.Gather();
        Assert.Equal((1, -1), (second.Members, workers.Free));
        first.Gather();
        Assert.Equal((3, 0), (first.Members, workers.Free));
        third.Gather();
        first.Gather();
        Assert.Equal((2, 0), (first.Members, workers.Free));
        first.Dissolve();
        second.Gather();
        Assert.Equal((3, 0), (second.Members, workers.Free));
        second.Dissolve();
        third.Dissolve();
        Assert.Equal(4, workers.Free);
    }

    [Fact]
    public async Task Callers_at_the_same_time_get_their_own_parts_whoever_the_workers_are()
    {
        var workers = new Workers(4);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(caller => Task.Factory.StartNew(
            () =>
            {
                var team = new Team(workers, 2 + caller % 3);
                for (int round = 0; round < 500; round++)
                {
                    var work = new CountedParts(1 + (round + caller) % 19, 4);
                    team.Gather();
                    team.Run(work, work.Counts.Count);
                    Assert.All(work.Counts, count => Assert.Equal(1, count));
                    Assert.Equal(0, work.Clashes);
                    if (round % 5 == caller)
                        team.Dissolve();
                }

                team.Dissolve();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(4, workers.Free);
    }

    [Fact]
    public void A_worker_that_sleeps_is_woken()
    {
        var team = new Team(new Workers(2), 2);
        team.Gather();
        for (int round = 0; round < 20; round++)
        {
            Thread.Sleep(2);
            bool[] came = new bool[2];
            var work = new Meeting(came);
            team.Run(work, 2);
            Assert.Equal([true, true], came);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(0, 6)]
    [InlineData(100, 6)]
    public void A_session_gets_what_it_asks_for_up_to_what_there_is(int wanted, int expected) => Assert.Equal(expected, new Workers(6).Threads(wanted));

    [Fact]
    public void A_part_shares_things_without_a_gap_at_multiples_of_the_unit()
    {
        foreach (int things in new[] { 0, 1, 5, 6, 7, 100, 1001, int.MaxValue })
        {
            foreach (int unit in new[] { 1, 6, 64 })
            {
                int next = 0;
                for (int index = 0; index < 7; index++)
                {
                    (int first, int count) = new Part(0, index, 7, 0).Share(things, unit);
                    Assert.True(count == 0 || (first == next && first % unit == 0));
                    next += count;
                }

                Assert.Equal(things, next);
            }
        }
    }

    /// <summary>Two parts, neither of which ends before both have begun.</summary>
    private sealed class Meeting(bool[] came) : PartedWork
    {
        public override void RunPart(int part, int member)
        {
            Volatile.Write(ref came[part], true);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref came[1 - part]), TimeSpan.FromSeconds(20)), "nobody takes the other part");
        }
    }
}
