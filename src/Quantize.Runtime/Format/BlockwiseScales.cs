namespace Quantize.Runtime.Format;

/// <summary>One scale for each <see cref="BlockSize"/> elements along the last dimension: [all else, blocks]. Zero points are 0.</summary>
internal sealed record BlockwiseScales(float[] Scales, int BlockSize);
