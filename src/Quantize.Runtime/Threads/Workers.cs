namespace Quantize.Runtime.Threads;

/// <summary>
/// The workers of a process. Callers that compute with a team and the workers in all teams are together no more than the limit, except that a caller never waits for its
/// turn: where there are too many, teams give workers back before their next step.
/// </summary>
internal sealed class Workers(int limit)
{
    private readonly Lock _lock = new();
    private readonly Stack<Worker> _idle = [];
    private int _running;
    private int _generation;

    /// <summary>As many threads as the process may run at one time, its callers among them.</summary>
    public static Workers Shared { get; } = new(Environment.ProcessorCount);

    public int Limit => limit;

    /// <summary>How many more threads could run; negative where some should stop.</summary>
    public int Free => limit - Volatile.Read(ref _running);

    /// <summary>A number for a piece of work that no other of these workers' teams has.</summary>
    public int NextGeneration() => Interlocked.Increment(ref _generation);

    /// <summary>Threads that a session gets: 0 asks for all, and no one gets more than there are, or more than one where there are no threads.</summary>
    public int Threads(int wanted) => OperatingSystem.IsBrowser() || OperatingSystem.IsWasi() ? 1 : wanted == 0 ? limit : Math.Min(wanted, limit);

    /// <summary>Counts a caller that computes with a team.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>A worker for the seat, made when first wanted; null where as many threads run as may.</summary>
    public Worker? TryRent(Seat seat)
    {
        Worker worker;
        lock (_lock)
        {
            if (Free <= 0)
                return null;
            Interlocked.Increment(ref _running);
            if (!_idle.TryPop(out Worker? idle))
            {
                idle = new Worker();
                idle.Start();
            }

            worker = idle;
        }

        worker.Seat = seat;
        return worker;
    }

    public void Return(Worker worker)
    {
        worker.Seat = null;
        lock (_lock)
        {
            Interlocked.Decrement(ref _running);
            _idle.Push(worker);
        }
    }
}
