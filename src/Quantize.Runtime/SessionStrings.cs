using System.Text;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>Strings of .NET and the packed UTF-8 of string tensors.</summary>
internal static class SessionStrings
{
    public static void Pack(RunContext context, TensorSlot slot, ReadOnlySpan<string> elements)
    {
        long bytes = 0;
        foreach (string element in elements)
            bytes += Encoding.UTF8.GetByteCount(element ?? "");
        Span<byte> memory = context.AllocateBytes(slot, StringPacker.Length(elements.Length, bytes), slot.Shape);
        var packer = new StringPacker(memory, elements.Length);
        foreach (string element in elements)
            packer.Add(Encoding.UTF8.GetBytes(element ?? ""));
    }

    public static string[] Unpack(PackedStrings strings)
    {
        var elements = new string[strings.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = Encoding.UTF8.GetString(strings[i]);
        return elements;
    }
}
