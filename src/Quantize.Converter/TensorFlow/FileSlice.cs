namespace Quantize.Converter.TensorFlow;

/// <summary>Bytes that stay in their file until they are asked for.</summary>
internal sealed record FileSlice(string File, long Offset, int Length)
{
    /// <exception cref="ConversionException">The file cannot be read there; <paramref name="content"/> tells what is lost.</exception>
    public byte[] Read(string content)
    {
        try
        {
            using FileStream stream = new(File, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            stream.Seek(Offset, SeekOrigin.Begin);
            byte[] bytes = GC.AllocateUninitializedArray<byte>(Length);
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw ConversionException.Damaged(File, $"{content} cannot be read ({problem.Message})", problem);
        }
    }
}
