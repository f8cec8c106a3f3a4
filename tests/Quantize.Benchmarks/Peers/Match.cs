using Quantize.Converter;
using Quantize.Runtime;

namespace Quantize.Benchmarks.Peers;

/// <summary>One network at one batch size, in all five forms, and the times they took.</summary>
internal sealed class Match : IDisposable
{
    private const double FloatAgreement = 1e-4;
    private const int ColdRuns = 15;

    private readonly Contender[] _contenders;
    private double[][] _times = [];

    public Match(Network network, int batch)
    {
        Name = batch == 1 ? network.Name : $"{network.Name}, batch {batch}";
        ReadOnlyMemory<byte> quantized = network.Convert(QuantizationScheme.DynamicRange);
        Float = new QuantizeContender("float", network.Convert(QuantizationScheme.None), Arithmetic.Precise, batch, Pixel);
        Precise = new QuantizeContender("Precise", quantized, Arithmetic.Precise, batch, Pixel);
        Fast = new QuantizeContender("Fast", quantized, Arithmetic.Fast, batch, Pixel);
        OnnxFloat = new OnnxContender("ONNX Runtime float", network.OnnxFloat, batch, Pixel);
        OnnxQuantized = new OnnxContender("ONNX Runtime quantized", network.OnnxQuantized, batch, Pixel);
        _contenders = [Float, Precise, Fast, OnnxFloat, OnnxQuantized];
        CheckSameNetwork();
    }

    public string Name { get; }

    public QuantizeContender Float { get; }

    public QuantizeContender Precise { get; }

    public QuantizeContender Fast { get; }

    public OnnxContender OnnxFloat { get; }

    public OnnxContender OnnxQuantized { get; }

    public IReadOnlyList<Contender> Contenders => _contenders;

    public void Measure(int rounds, Action finished) =>
        _times = InterleavedTimer.Measure([.. _contenders.Select<Contender, Action>(contender => contender.Run)], rounds, _ => finished());

    /// <summary>Nanoseconds of each contender's first run after something else had the caches: the median of several.</summary>
    public double[] MeasureCold() => [.. _contenders.Select(contender => Figures.Median(InterleavedTimer.Cold(contender.Run, ColdRuns)))];

    public double Minimum(Contender contender) => _times[Array.IndexOf(_contenders, contender)].Min();

    public double Median(Contender contender) => Figures.Median(_times[Array.IndexOf(_contenders, contender)]);

    /// <summary>Nanoseconds of whichever form of the peer is faster.</summary>
    public double BestPeer() => Math.Min(Median(OnnxFloat), Median(OnnxQuantized));

    public void Dispose()
    {
        foreach (Contender contender in _contenders)
            contender.Dispose();
    }

    /// <summary>A comparison means something only where both compute the same.</summary>
    private void CheckSameNetwork()
    {
        OnnxFloat.Run();
        Float.Run();
        float[] expected = OnnxFloat.Output(), actual = Float.Output();
        double difference = expected.Length == actual.Length ? expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() : double.PositiveInfinity;
        if (!(difference <= FloatAgreement))
            throw new InvalidOperationException($"{Name}: the two float networks do not compute the same: outputs differ by {difference}");
    }

    /// <summary>Every picture is different, none is regular.</summary>
    private static float Pixel(int index) => unchecked((uint)index * 2654435761u >> 24) / 255f;
}
