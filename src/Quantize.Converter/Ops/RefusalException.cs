namespace Quantize.Converter.Ops;

/// <summary>The node asks for something that cannot be imported; the message says what, and what would help.</summary>
internal sealed class RefusalException(string reason) : Exception(reason);
