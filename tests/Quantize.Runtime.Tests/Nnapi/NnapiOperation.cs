namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>One operation of a case and the operands it is given, by name.</summary>
internal sealed record NnapiOperation(string Code, string[] Inputs, string[] Outputs);
