using System.Buffers.Binary;
using System.Numerics;

namespace Quantize.Runtime.Kernels;

/// <summary>The 64-bit fingerprint of FarmHash, which depends on the bytes alone and never changes: what hash projections are defined by.</summary>
internal static class Fingerprint
{
    private const ulong K0 = 0xc3a5c85c97cb3127, K1 = 0xb492b66fbe98f273, K2 = 0x9ae16a3b2f90404f;
    private const int Block = 64;

    public static ulong Of(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => K2,
        < 4 => OfUpTo3(bytes),
        < 8 => OfUpTo7(bytes),
        <= 16 => OfUpTo16(bytes),
        <= 32 => OfUpTo32(bytes),
        <= Block => OfUpTo64(bytes),
        _ => OfBlocks(bytes),
    };

    private static ulong OfUpTo3(ReadOnlySpan<byte> bytes)
    {
        uint first = bytes[0], middle = bytes[bytes.Length >> 1], last = bytes[^1];
        return Folded(((first + (middle << 8)) * K2) ^ (((uint)bytes.Length + (last << 2)) * K0)) * K2;
    }

    private static ulong OfUpTo7(ReadOnlySpan<byte> bytes) => Mixed((ulong)bytes.Length + ((ulong)Word32(bytes, 0) << 3), Word32(bytes, bytes.Length - 4), Factor(bytes));

    private static ulong OfUpTo16(ReadOnlySpan<byte> bytes)
    {
        ulong a = Word(bytes, 0) + K2, b = Word(bytes, bytes.Length - 8), factor = Factor(bytes);
        ulong c = BitOperations.RotateRight(b, 37) * factor + a;
        ulong d = (BitOperations.RotateRight(a, 25) + b) * factor;
        return Mixed(c, d, factor);
    }

    private static ulong OfUpTo32(ReadOnlySpan<byte> bytes)
    {
        ulong factor = Factor(bytes);
        ulong a = Word(bytes, 0) * K1, b = Word(bytes, 8), c = Word(bytes, bytes.Length - 8) * factor, d = Word(bytes, bytes.Length - 16) * K2;
        return Mixed(BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d, a + BitOperations.RotateRight(b + K2, 18) + c, factor);
    }

    private static ulong OfUpTo64(ReadOnlySpan<byte> bytes)
    {
        ulong factor = Factor(bytes);
        ulong a = Word(bytes, 0) * K2, b = Word(bytes, 8), c = Word(bytes, bytes.Length - 8) * factor, d = Word(bytes, bytes.Length - 16) * K2;
        ulong y = BitOperations.RotateRight(a + b, 43) + BitOperations.RotateRight(c, 30) + d;
        ulong z = Mixed(y, a + BitOperations.RotateRight(b + K2, 18) + c, factor);
        ulong e = Word(bytes, 16) * factor, f = Word(bytes, 24), g = (y + Word(bytes, bytes.Length - 32)) * factor, h = (z + Word(bytes, bytes.Length - 24)) * factor;
        return Mixed(BitOperations.RotateRight(e + f, 43) + BitOperations.RotateRight(g, 30) + h, e + BitOperations.RotateRight(f + a, 18) + g, factor);
    }

    /// <summary>Whole blocks of 64 bytes, then the last 64 once more.</summary>
    private static ulong OfBlocks(ReadOnlySpan<byte> bytes)
    {
        const ulong Seed = 81;
        var state = new State(unchecked(Seed * K2) + Word(bytes, 0), unchecked(Seed * K1 + 113), Folded(unchecked((Seed * K1 + 113) * K2 + 113)) * K2);
        int rest = (bytes.Length - 1) % Block;
        for (int at = 0; at < bytes.Length - 1 - rest; at += Block)
            state.Take(bytes.Slice(at, Block), K1, 1);
        return state.Finish(bytes[^Block..], (ulong)rest);
    }

    private static ulong Factor(ReadOnlySpan<byte> bytes) => K2 + (ulong)bytes.Length * 2;

    private static ulong Folded(ulong value) => value ^ (value >> 47);

    private static ulong Mixed(ulong u, ulong v, ulong factor)
    {
        ulong a = Folded((u ^ v) * factor);
        return Folded((v ^ a) * factor) * factor;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static uint Word32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>56 bytes that each block is stirred into.</summary>
    private struct State(ulong x, ulong y, ulong z)
    {
        private ulong _x = x;
        private ulong _y = y;
        private ulong _z = z;
        private (ulong First, ulong Second) _v;
        private (ulong First, ulong Second) _w;

        public void Take(ReadOnlySpan<byte> block, ulong factor, ulong weight)
        {
            _x = BitOperations.RotateRight(_x + _y + _v.First + Word(block, 8), 37) * factor;
            _y = BitOperations.RotateRight(_y + _v.Second + Word(block, 48), 42) * factor;
            _x ^= _w.Second * weight;
            _y += _v.First * weight + Word(block, 40);
            _z = BitOperations.RotateRight(_z + _w.First, 33) * factor;
            _v = Stirred(block, _v.Second * factor, _x + _w.First);
            _w = Stirred(block[32..], _z + _w.Second, _y + Word(block, 16));
            (_z, _x) = (_x, _z);
        }

        public ulong Finish(ReadOnlySpan<byte> block, ulong rest)
        {
            ulong factor = K1 + ((_z & 0xff) << 1);
            _w.First += rest;
            _v.First += _w.First;
            _w.First += _v.First;
            Take(block, factor, 9);
            return Mixed(Mixed(_v.First, _w.First, factor) + Folded(_y) * K0 + _z, Mixed(_v.Second, _w.Second, factor) + _x, factor);
        }

        private static (ulong First, ulong Second) Stirred(ReadOnlySpan<byte> bytes, ulong a, ulong b)
        {
            a += Word(bytes, 0);
            b = BitOperations.RotateRight(b + a + Word(bytes, 24), 21);
            ulong sum = a + Word(bytes, 8) + Word(bytes, 16);
            return (sum + Word(bytes, 24), b + BitOperations.RotateRight(sum, 44) + a);
        }
    }
}
