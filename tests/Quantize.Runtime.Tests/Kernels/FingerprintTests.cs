using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class FingerprintTests
{
    /// <summary>Of the bytes 3, 10, 17 and so on, as another implementation of the fingerprint gives them.</summary>
    [Theory]
    [InlineData(0, 0x9ae16a3b2f90404f)]
    [InlineData(1, 0xbec09cc447469d8b)]
    [InlineData(3, 0x40b4412e33eefd64)]
    [InlineData(4, 0xf3c7ee05197a7b92)]
    [InlineData(7, 0x4fef0b39c12aa9a4)]
    [InlineData(8, 0x0c97ecbc1e9d2626)]
    [InlineData(16, 0x7eda0ed8c837a168)]
    [InlineData(17, 0xc9518fe63ebf6127)]
    [InlineData(32, 0xa53f806f23a314e8)]
    [InlineData(33, 0xc24f9d7ce864f0e9)]
    [InlineData(64, 0x0566266cb579eca2)]
    [InlineData(65, 0x77e0867714e6b0e4)]
    [InlineData(128, 0x666823960b3ac271)]
    [InlineData(129, 0x98206b8579bca083)]
    [InlineData(200, 0x6d7105b27cbe2fd7)]
    public void Each_length_has_the_fingerprint_that_it_has_everywhere(int length, ulong expected) =>
        Assert.Equal(expected, Fingerprint.Of([.. Enumerable.Range(0, length).Select(i => (byte)(7 * i + 3))]));
}
