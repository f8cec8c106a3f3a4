namespace Quantize.Tool.Tensors;

/// <summary>A file of tensors that cannot be read, or tensors that a format cannot hold; the message is the fact, without the file.</summary>
internal sealed class TensorFileException(string fact, Exception? cause = null) : Exception(fact, cause);
