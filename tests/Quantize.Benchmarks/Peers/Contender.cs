namespace Quantize.Benchmarks.Peers;

/// <summary>A network in one runtime, ready to run again and again on the same input.</summary>
internal abstract class Contender(string name, long bytes) : IDisposable
{
    public string Name { get; } = name;

    /// <summary>Size of the file.</summary>
    public long Bytes { get; } = bytes;

    public abstract void Run();

    /// <summary>Class probabilities or whatever float the network ends in, after a run.</summary>
    public abstract float[] Output();

    public abstract void Dispose();
}
