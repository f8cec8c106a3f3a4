using Quantize.Runtime.Kernels;

namespace Quantize.Runtime.Tests.Kernels;

public sealed class CodeLookupTests
{
    [Fact]
    public void Every_code_finds_its_entry_wherever_it_stands()
    {
        var random = new Random(11);
        var table = new byte[256];
        random.NextBytes(table);
        for (int length = 0; length < 300; length++)
        {
            byte[] codes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37 + length))], found = new byte[length];
            CodeLookup.Run(codes, table, found);
            Assert.Equal(Array.ConvertAll(codes, code => table[code]), found);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CodeLookup.Run(new byte[4], new byte[255], new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodeLookup.Run(new byte[4], new byte[256], new byte[3]));
    }
}
