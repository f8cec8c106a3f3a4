using Quantize.Runtime.Kernels;
using Quantize.Runtime.Threads;

namespace Quantize.Runtime.Ops;

/// <summary>How one product is cut: by rows, or by outputs where these are more, so that what all parts read is the smaller operand.</summary>
internal sealed class ProductCut(GemmGeometry product, int outputs, int panelWidth)
{
    /// <summary>One row alone takes four panels side by side.</summary>
    private const int PanelsOfRow = 4;

    private readonly bool _byOutputs = outputs > product.Rows;
    private readonly int _unit = outputs <= product.Rows ? Tiling.Rows : product.Rows == 1 ? PanelsOfRow * panelWidth : panelWidth;

    /// <summary>Multiply-adds.</summary>
    public long Work { get; } = (long)product.Rows * product.Depth * outputs;

    public int Parts(int members) => Cutting.Parts(Work, _byOutputs ? (outputs + _unit - 1) / _unit : product.Rows / _unit, members);

    public GemmPart Share(in Part part)
    {
        (int first, int count) = part.Share(_byOutputs ? outputs : product.Rows, _unit);
        return _byOutputs ? new GemmPart(0, product.Rows, first, count) : new GemmPart(first, count, 0, outputs);
    }
}
