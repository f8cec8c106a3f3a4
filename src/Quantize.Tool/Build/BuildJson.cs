using System.Text.Json.Serialization;
using Quantize.Build;

namespace Quantize.Tool.Build;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BuildRequest))]
[JsonSerializable(typeof(BuildLine))]
internal sealed partial class BuildJson : JsonSerializerContext;
