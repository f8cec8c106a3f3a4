namespace Quantize.Runtime;

/// <summary>
/// Sessions for any number of threads: a call takes one, runs, and gives it back. A thread that finds none makes one, and a surplus one is
/// dropped, so at most one session per processor is kept. Nothing is allocated once each processor's session exists.
/// </summary>
/// <typeparam name="TSession"><see cref="Session"/>, or the session of a generated class.</typeparam>
public sealed class SessionPool<TSession>
    where TSession : class, IDisposable
{
    private readonly Func<TSession> _create;
    private readonly TSession?[] _slots = new TSession?[Environment.ProcessorCount];

    /// <summary>A pool that makes its sessions with <paramref name="create"/>.</summary>
    public SessionPool(Func<TSession> create) => _create = create;

    /// <summary>A session that belongs to the caller until <see cref="Return"/>.</summary>
    public TSession Rent()
    {
        for (int i = 0; i < _slots.Length; i++)
        {
            if (Volatile.Read(ref _slots[i]) is not null && Interlocked.Exchange(ref _slots[i], null) is { } session)
                return session;
        }

        return _create();
    }

    /// <summary>Gives a session back for the next caller.</summary>
    public void Return(TSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        TSession? surplus = session;
        for (int i = 0; i < _slots.Length && surplus is not null; i++)
        {
            if (Volatile.Read(ref _slots[i]) is null)
                surplus = Interlocked.Exchange(ref _slots[i], surplus);
        }

        surplus?.Dispose();
    }
}
