using System.Diagnostics;

namespace Quantize.Runtime.Threads;

/// <summary>
/// A background thread that helps whichever team has a seat for it. Between two pieces of work it looks for the next one for a moment, because the next step of a run is
/// near; then it sleeps.
/// </summary>
internal sealed class Worker
{
    private const int PausesPerLook = 8;

    private static readonly long s_lookingTime = Stopwatch.Frequency / 20_000; // 50 us

    private readonly SemaphoreSlim _wake = new(0);
    private Seat? _seat;
    private int _offered;
    private int _sleeps;

    /// <summary>Where it works; null where no team has it.</summary>
    public Seat? Seat
    {
        get => Volatile.Read(ref _seat);
        set => Volatile.Write(ref _seat, value);
    }

    public void Start() => new Thread(Loop) { IsBackground = true, Name = "Quantize worker" }.UnsafeStart();

    /// <summary>Tells that its team has work of that generation; only the team that has it may do so.</summary>
    public void Offer(int generation)
    {
        Interlocked.Exchange(ref _offered, generation); // a barrier: either this side sees that it sleeps, or it sees the offer
        if (Volatile.Read(ref _sleeps) == 1 && Interlocked.Exchange(ref _sleeps, 0) == 1)
            _wake.Release();
    }

    private void Loop()
    {
        int seen = 0;
        while (true)
        {
            seen = Next(seen);
            // The seat may have changed since. A generation belongs to one team, so that any other one has no parts of it to take.
            Seat?.Work(seen);
        }
    }

    private int Next(int seen)
    {
        if (!IsOfferedSoon(seen))
            Sleep(seen);
        return Volatile.Read(ref _offered);
    }

    private bool IsOfferedSoon(int seen)
    {
        long until = Stopwatch.GetTimestamp() + s_lookingTime;
        do
        {
            if (Volatile.Read(ref _offered) != seen)
                return true;
            Thread.SpinWait(PausesPerLook);
        }
        while (Stopwatch.GetTimestamp() < until);
        return false;
    }

    private void Sleep(int seen)
    {
        Interlocked.Exchange(ref _sleeps, 1);
        bool woken = Volatile.Read(ref _offered) == seen || Interlocked.Exchange(ref _sleeps, 0) == 0;
        if (woken)
            _wake.Wait();
    }
}
