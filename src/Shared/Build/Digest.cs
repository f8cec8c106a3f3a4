using System.Security.Cryptography;
using System.Text;

namespace Quantize.Build;

/// <summary>SHA-256, cut to 32 hexadecimal digits: short enough for a folder's name, long enough to never meet another.</summary>
internal static class Digest
{
    /// <summary>Of the text, in characters.</summary>
    public const int Length = 2 * Bytes;

    private const int Bytes = 16;

    /// <summary>Each field counts with its length, so that no two lists of fields are the same text.</summary>
    public static string OfFields(params string[] fields)
    {
        var text = new StringBuilder();
        foreach (string field in fields)
            text.Append((uint)field.Length).Append(':').Append(field);
        using var sha = SHA256.Create();
        return Hexadecimal(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static string OfFile(string path)
    {
        using var sha = SHA256.Create();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        return Hexadecimal(sha.ComputeHash(stream));
    }

    private static string Hexadecimal(byte[] hash)
    {
        var text = new StringBuilder(Length);
        for (int i = 0; i < Bytes; i++)
            text.Append("0123456789abcdef"[hash[i] >> 4]).Append("0123456789abcdef"[hash[i] & 15]);
        return text.ToString();
    }
}
