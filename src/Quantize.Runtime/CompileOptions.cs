using Quantize.Runtime.Threads;

namespace Quantize.Runtime;

/// <summary>How a model is made ready to run.</summary>
public sealed record CompileOptions
{
    /// <summary>
    /// Pins a row of the kernel table by name (<c>scalar</c>, <c>vector128</c>, <c>avx2</c>, ...); null takes the best this machine has, or the row that the
    /// environment variable <c>QUANTIZE_ISA</c> names.
    /// </summary>
    public string? Isa { get; init; }

    /// <summary>Overrides the arithmetic that the file records; null keeps it (Precise where it records none).</summary>
    public Arithmetic? Arithmetic { get; init; }

    /// <summary>
    /// Threads that a run of one session may compute with, the caller's among them; 0 for as many as the process has processors, which is also the most. By default 1, or
    /// what the runtime configuration option <c>Quantize.Runtime.Threads</c> says. The helpers come from one pool for the whole process, so that sessions which run at the
    /// same time share the processors. Results are the same for any number. Where there are no threads (WebAssembly), a run has one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    = ThreadSetting.Value;

    /// <summary>
    /// Keeps every intermediate tensor until the next run, at the cost of memory and time: to find the first layer that differs. Each operator is a step of its own.
    /// </summary>
    public bool KeepAllTensors { get; init; }

    /// <summary>A loop (WHILE) that would run more often than this is taken for one that never ends: the run fails and names it.</summary>
    public int LoopLimit { get; init; } = 1_000_000;

    /// <summary>Operators that the runtime does not have, by their names in the file.</summary>
    public IReadOnlyList<CustomOperator> CustomOperators { get; init; } = [];

    /// <summary>
    /// The operators the model may use; null means all that the runtime has. A generated class names its model's own, so that trimming drops the rest.
    /// </summary>
    public IReadOnlyList<OperatorKernel>? Operators { get; init; }

    /// <summary>Where threads come from.</summary>
    internal Workers Workers { get; init; } = Workers.Shared;
}
