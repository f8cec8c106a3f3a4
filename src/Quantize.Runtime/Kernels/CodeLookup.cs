using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quantize.Runtime.Kernels;

/// <summary>Bytes looked up in a table of 256: the same on every machine, many at a time where a table fits into registers.</summary>
internal static unsafe class CodeLookup
{
    private const int Entries = 256;

    /// <summary>target[i] = table[codes[i]].</summary>
    public static void Run(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> table, Span<byte> target)
    {
        // Vectors begin at or before the last whole one of both spans, which are checked to be as long; the table is read below its 256 entries.
        ArgumentOutOfRangeException.ThrowIfNotEqual(table.Length, Entries);
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, codes.Length);
        int done;
        fixed (byte* source = codes, entries = table, to = target)
            done = Avx512Vbmi.IsSupported ? Quarters(source, entries, to, codes.Length) : Avx2.IsSupported ? Sixteenths(source, entries, to, codes.Length) : 0;
        for (int i = done; i < codes.Length; i++)
            target[i] = table[codes[i]];
    }

    /// <summary>Two registers at a time are a table of 128 entries; the codes' upper bits say which of the two tables counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Quarters(byte* codes, byte* table, byte* target, int count)
    {
        Vector512<byte> first = Vector512.Load(table), second = Vector512.Load(table + 64), third = Vector512.Load(table + 128), fourth = Vector512.Load(table + 192);
        int i = 0;
        for (; i <= count - Vector512<byte>.Count; i += Vector512<byte>.Count)
        {
            Vector512<byte> code = Vector512.Load(codes + i);
            Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(first, code, second), high = Avx512Vbmi.PermuteVar64x8x2(third, code, fourth);
            Vector512.ConditionalSelect(Vector512.LessThan(code.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low).Store(target + i);
        }

        return i;
    }

    /// <summary>Sixteen entries at a time: a code that lies elsewhere gets its highest bit set, and its byte is zero then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sixteenths(byte* codes, byte* table, byte* target, int count)
    {
        Vector256<byte> outside = Vector256.Create((byte)0x70), step = Vector256.Create((byte)16);
        int i = 0;
        for (; i <= count - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<byte> code = Vector256.Load(codes + i), found = default;
            for (int entry = 0; entry < Entries; entry += 16, code -= step)
                found |= Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + entry), Avx2.AddSaturate(code, outside));
            found.Store(target + i);
        }

        return i;
    }
}
