using System.Text.Json;
using System.Text.Unicode;

namespace Quantize.Converter.Keras.Files;

/// <summary>JSON as Python writes it: numbers may be NaN, Infinity or -Infinity, which become texts here.</summary>
internal static class ConfigText
{
    /// <summary>Models within models nest; this deep, none is written by hand.</summary>
    private const int MostLevels = 512;

    private static readonly string[] s_words = ["NaN", "Infinity", "-Infinity"];

    public static JsonElement Parse(string path, string part, byte[] utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw ConversionException.Damaged(path, $"{part} is no text in UTF-8");
        try
        {
            using JsonDocument document = JsonDocument.Parse(Standard(utf8), new JsonDocumentOptions { MaxDepth = MostLevels });
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw ConversionException.Damaged(path, $"{part} is no JSON ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    private static ReadOnlyMemory<byte> Standard(byte[] utf8)
    {
        ReadOnlySpan<byte> rest = utf8;
        if (rest.IndexOf("NaN"u8) < 0 && rest.IndexOf("Infinity"u8) < 0)
            return utf8;
        var result = new MemoryStream(utf8.Length);
        bool isText = false;
        while (rest.Length > 0)
        {
            int word = isText ? 0 : LengthOfWord(rest);
            int taken = word > 0 ? word : isText && rest[0] == '\\' && rest.Length > 1 ? 2 : 1;
            isText ^= word == 0 && taken == 1 && rest[0] == '"';
            if (word > 0)
                result.WriteByte((byte)'"');
            result.Write(rest[..taken]);
            if (word > 0)
                result.WriteByte((byte)'"');
            rest = rest[taken..];
        }

        return result.ToArray();
    }

    private static int LengthOfWord(ReadOnlySpan<byte> text)
    {
        foreach (string word in s_words)
        {
            if (text.Length >= word.Length && System.Text.Ascii.Equals(text[..word.Length], word))
                return word.Length;
        }

        return 0;
    }
}
