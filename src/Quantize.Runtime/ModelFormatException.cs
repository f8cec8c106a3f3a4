namespace Quantize.Runtime;

/// <summary>The bytes given are not a model this runtime can use; the message says which fact of the file is wrong.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>A fact about the file, as a sentence.</summary>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>A fact about the file, as a sentence, with the exception that revealed it.</summary>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
