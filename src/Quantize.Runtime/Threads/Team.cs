using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Quantize.Runtime.Threads;

/// <summary>
/// A caller and the workers it has at the moment. The caller takes parts like everybody else and never waits for a worker that has none: one that comes late finds nothing to
/// do.
/// </summary>
internal sealed class Team
{
    private const int LooksBeforeYielding = 1000;
    private const int PausesPerLook = 4;

    private readonly Workers _pool;
    private readonly PartQueues _queues;
    private readonly Seat[] _seats;
    private readonly Worker?[] _workers;
    private readonly Progress _progress = new();
    private PartedWork? _work;
    private ExceptionDispatchInfo? _failure;
    private int _count;
    private bool _entered;

    public Team(Workers pool, int threads)
    {
        _pool = pool;
        _queues = new PartQueues(threads);
        _seats = [.. Enumerable.Range(1, threads - 1).Select(member => new Seat(this, member))];
        _workers = new Worker?[threads - 1];
    }

    /// <summary>Members at the moment, the caller among them.</summary>
    public int Members => _count + 1;

    /// <summary>Takes workers where there are any to be had, and gives some back where too many threads run.</summary>
    public void Gather()
    {
        if (!_entered)
        {
            _pool.Enter();
            _entered = true;
        }

        while (_pool.Free < 0 && _count > 0)
            GiveBack();
        while (_pool.Free > 0 && _count < _seats.Length && _pool.TryRent(_seats[_count]) is { } worker)
            _workers[_count++] = worker;
    }

    /// <summary>Gives all workers back, at the end of a run.</summary>
    public void Dissolve()
    {
        while (_count > 0)
            GiveBack();
        if (_entered)
            _pool.Leave();
        _entered = false;
    }

    /// <summary>Computes all parts and returns when they are done. The first failure of a part is thrown here; the other parts are computed nevertheless.</summary>
    public void Run(PartedWork work, int parts)
    {
        Debug.Assert(parts is > 0 and <= PartQueues.MostParts);
        int generation = _pool.NextGeneration();
        _work = work;
        _progress.Done = 0;
        _queues.Deal(generation, parts, Members);
        for (int i = 0; i < _count; i++)
            _workers[i]!.Offer(generation);
        Work(0, generation);
        WaitFor(parts);
        _work = null;
        if (_failure is not { } failure)
            return;
        _failure = null;
        failure.Throw();
    }

    /// <summary>What a member does; a part that it has taken keeps the caller, and so this piece of work, in <see cref="Run"/>.</summary>
    public void Work(int member, int generation)
    {
        for (int part = _queues.Take(member, generation); part >= 0; part = _queues.Take(member, generation))
        {
            try
            {
                _work!.RunPart(part, member);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Interlocked.Increment(ref _progress.Done);
        }
    }

    private void WaitFor(int parts)
    {
        for (int looks = 0; Volatile.Read(ref _progress.Done) != parts; looks++)
        {
            if (looks < LooksBeforeYielding)
                Thread.SpinWait(PausesPerLook);
            else
                Thread.Yield();
        }
    }

    private void GiveBack()
    {
        _pool.Return(_workers[--_count]!);
        _workers[_count] = null;
    }

    /// <summary>In a cache line of its own: all members write it.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 256)]
    private sealed class Progress
    {
        [System.Runtime.InteropServices.FieldOffset(128)]
        public int Done;
    }
}
