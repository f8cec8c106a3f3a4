using System.Text.Json;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>Values of a case's inputs, and those that its outputs must have.</summary>
internal sealed record NnapiExample(IReadOnlyDictionary<string, JsonElement> Inputs, IReadOnlyDictionary<string, JsonElement> Outputs);
