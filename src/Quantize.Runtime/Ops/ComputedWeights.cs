using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>Float weights [groups * outputs, depth] that only a run knows: packed anew in each run, as is the bias, which fills whole panels.</summary>
internal sealed class ComputedWeights
{
    private readonly FloatGemm _gemm;
    private readonly TensorSlot _weights;
    private readonly TensorSlot? _bias;
    private readonly TensorSlot _panels;
    private readonly TensorSlot _biasPanels;
    private readonly int _groups;
    private readonly int _depth;
    private readonly int _groupPanels;
    private readonly int _groupBias;

    public ComputedWeights(PrepareContext context, TensorSlot weights, TensorSlot? bias, int groups, int outputs, int depth)
    {
        _gemm = context.Kernels.FloatGemm;
        _weights = weights;
        _bias = bias;
        _groups = groups;
        _depth = depth;
        Outputs = outputs;
        _groupPanels = PackedFloatWeights.PanelBytes(outputs, depth, _gemm.PanelWidth) / sizeof(float);
        _groupBias = PackedFloatWeights.PanelBytes(outputs, 1, _gemm.PanelWidth) / sizeof(float);
        _panels = context.Scratch(checked(groups * _groupPanels * sizeof(float)));
        _biasPanels = context.Scratch(checked(groups * _groupBias * sizeof(float)));
    }

    /// <summary>Of one group.</summary>
    public int Outputs { get; }

    public void Pack(in RunContext context)
    {
        ReadOnlySpan<float> weights = context.Read<float>(_weights);
        Span<float> panels = context.Write<float>(_panels), biasPanels = context.Write<float>(_biasPanels);
        biasPanels.Clear();
        for (int g = 0; g < _groups; g++)
        {
            Span<float> group = panels.Slice(g * _groupPanels, _groupPanels);
            PackedFloatWeights.ClearLastPanel(Outputs, _depth, _gemm.PanelWidth, group);
            PackedFloatWeights.PackRows(weights.Slice(g * Outputs * _depth, Outputs * _depth), Outputs, _depth, _gemm.PanelWidth, group);
            if (_bias is not null)
                context.Read<float>(_bias).Slice(g * Outputs, Outputs).CopyTo(biasPanels[(g * _groupBias)..]);
        }
    }

    public void Multiply(in RunContext context, int group, ReadOnlySpan<float> a, GemmGeometry product, Span<float> c, int stride, ActivationRange range)
    {
        ReadOnlySpan<float> panels = context.Read<float>(_panels).Slice(group * _groupPanels, _groupPanels);
        ReadOnlySpan<float> bias = context.Read<float>(_biasPanels).Slice(group * _groupBias, _groupBias);
        _gemm.Run(a, product, new GemmPart(product.Rows, Outputs), panels, bias, Outputs, c, stride, range.Minimum, range.Maximum);
    }
}
