namespace Quantize.Runtime.Ops;

/// <summary>How a transposed convolution reaches from an input volume into an output volume: depth, height and width of each; a picture has the depth 1.</summary>
internal sealed record ScatterGeometry(int[] From, int[] To, int[] Kernel, int[] Strides, int[] Before)
{
    private readonly (int Depth, int Row, int Column)[] _taps =
        [.. Enumerable.Range(0, Kernel[0] * Kernel[1] * Kernel[2]).Select(tap => (tap / (Kernel[1] * Kernel[2]), tap / Kernel[2] % Kernel[1], tap % Kernel[2]))];

    /// <summary>Elements between neighbouring taps.</summary>
    public int[] Dilations { get; init; } = [1, 1, 1];

    public int Taps => _taps.Length;

    public int InputElements => From[0] * From[1] * From[2];

    /// <summary>Element of the output that a tap of an input element reaches; -1 where it falls outside.</summary>
    public int Reached(int z, int y, int x, int tap)
    {
        (int depth, int row, int column) = _taps[tap];
        depth = depth * Dilations[0] + z * Strides[0] - Before[0];
        row = row * Dilations[1] + y * Strides[1] - Before[1];
        column = column * Dilations[2] + x * Strides[2] - Before[2];
        bool isInside = (uint)depth < (uint)To[0] && (uint)row < (uint)To[1] && (uint)column < (uint)To[2];
        return isInside ? (depth * To[1] + row) * To[2] + column : -1;
    }
}
