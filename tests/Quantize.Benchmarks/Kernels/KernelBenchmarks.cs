using BenchmarkDotNet.Attributes;
using Quantize.Runtime.Kernels;

namespace Quantize.Benchmarks.Kernels;

/// <summary>Kernels in the sizes of a middle layer of MobileNet v2, whose operands stay in the second cache.</summary>
public class KernelBenchmarks
{
    private const int Side = 14, Channels = 384, Outputs = 64, Pixels = Side * Side;

    private static readonly ConvolutionGeometry s_three = new(Side, Side, Channels, Side, Side, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    private static readonly GemmGeometry s_product = GemmGeometry.Dense(Pixels, Channels, Channels);

    private readonly float[] _image = new float[Pixels * Channels];
    private readonly float[] _wide = new float[Pixels * Channels];
    private readonly float[] _output = new float[Pixels * Outputs];
    private readonly float[] _scale = [1];
    private readonly int[] _correction = [0];
    private readonly int[] _sums = new int[Pixels * Channels];
    private readonly byte[] _codes = new byte[Pixels * Channels];
    private readonly byte[] _stored = new byte[Pixels * Channels * sizeof(short) + HybridGemm.ReadAhead];
    private readonly float[] _filter = new float[9 * Channels];
    private readonly float[] _zeros = new float[Channels];
    private KernelSet _row = KernelSets.Scalar;
    private PackedFloatWeights? _floats;
    private PackedHybridWeights? _precise;
    private PackedHybridWeights? _fast;
    private Requantization? _requantization;

    /// <summary>The rows of the table that this machine can run.</summary>
    public static IEnumerable<string> Rows => KernelSets.Supported.Select(row => row.Name);

    [ParamsSource(nameof(Rows))]
    public string Row { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _row = KernelSets.Choose(Row);
        var weights = new sbyte[Outputs * Channels];
        _floats = _row.FloatGemm.Pack(new float[Outputs * Channels], [], Outputs, Channels);
        _precise = _row.PreciseGemm.Pack(weights, [1], [], Outputs, 1, Channels);
        _fast = _row.FastGemm.Pack(weights, [1], [], Outputs, 1, Channels);
        _requantization = new Requantization(_row.Requantizer, [FixedPointMultiplier.Of(0.01)], Channels, FixedPointRounding.TwiceUp, 0, -128, 127);
    }

    [Benchmark]
    public void FloatProduct() => _row.FloatGemm.Run(_image, s_product, _floats!, _output, Outputs, float.MinValue, float.MaxValue);

    [Benchmark]
    public void PreciseProduct() => _row.PreciseGemm.Run(_stored, s_product, _precise!, _scale, _correction, _output, Outputs, float.MinValue, float.MaxValue);

    [Benchmark]
    public void FastProduct() => _row.FastGemm.Run(_stored, s_product, _fast!, _scale, _correction, _output, Outputs, float.MinValue, float.MaxValue);

    [Benchmark]
    public void DepthwiseThreeByThree() => _row.Depthwise.Run(_image, s_three, 1, _filter, _zeros, _zeros, _wide, 0, 6);

    [Benchmark]
    public void CodesOfSums() => _requantization!.Rows<byte>(_sums, Pixels, Channels, 0, Channels, _codes);

    [Benchmark]
    public void CodesToFloats() => _row.CodeArithmetic.Center<byte>(_codes, 128, _wide);
}
