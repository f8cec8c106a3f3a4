namespace Quantize.Runtime.Kernels;

/// <summary>Rows and columns of zeros around an image.</summary>
internal readonly record struct ZeroBorder(int Top, int Bottom, int Left, int Right)
{
    /// <summary>The shape [batch, height, width, channels] with the border.</summary>
    public int[] Around(int[] shape) => this == default ? shape : [shape[0], shape[1] + Top + Bottom, shape[2] + Left + Right, shape[3]];
}
