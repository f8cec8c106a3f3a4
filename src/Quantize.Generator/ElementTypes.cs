using System.Collections.Generic;

namespace Quantize.Generator;

/// <summary>The C# type of a tensor's elements, by the name of its <c>TensorType</c>. What is missing here cannot be in a span.</summary>
internal static class ElementTypes
{
    public static readonly IReadOnlyDictionary<string, string> CSharp = new Dictionary<string, string>
    {
        ["Float32"] = "float",
        ["Float16"] = "global::System.Half",
        ["Float64"] = "double",
        ["Int8"] = "sbyte",
        ["UInt8"] = "byte",
        ["Int16"] = "short",
        ["UInt16"] = "ushort",
        ["Int32"] = "int",
        ["UInt32"] = "uint",
        ["Int64"] = "long",
        ["UInt64"] = "ulong",
        ["Bool"] = "bool",
    };

    /// <summary>The types of codes that stand for real numbers, each with its least and its greatest code.</summary>
    public static readonly IReadOnlyDictionary<string, (int Least, int Greatest)> OfCodes = new Dictionary<string, (int, int)>
    {
        ["Int8"] = (sbyte.MinValue, sbyte.MaxValue),
        ["UInt8"] = (byte.MinValue, byte.MaxValue),
        ["Int16"] = (short.MinValue, short.MaxValue),
    };
}
