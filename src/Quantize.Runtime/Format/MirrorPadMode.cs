namespace Quantize.Runtime.Format;

/// <summary>How MIRROR_PAD reflects.</summary>
internal enum MirrorPadMode
{
    Reflect = 0,
    Symmetric = 1,
}
