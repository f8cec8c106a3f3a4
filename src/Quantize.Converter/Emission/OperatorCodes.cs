using Google.FlatBuffers;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Emission;

/// <summary>The kinds of operators in the file, in the order of first use, each with the highest version that one of its uses needs.</summary>
internal sealed class OperatorCodes
{
    /// <summary>Codes up to this stand in the old one-byte field too, higher ones only as this marker.</summary>
    private const int LargestOldCode = 127;

    private readonly List<(BuiltinOperator Code, string Custom)> _codes = [];
    private readonly Dictionary<(BuiltinOperator Code, string Custom), int> _versions = [];

    public OperatorCodes(Module module)
    {
        foreach (Node node in module.Nodes)
        {
            int version = OperatorVersions.Of(node);
            (BuiltinOperator, string) kind = Kind(node);
            if (_versions.TryAdd(kind, version))
                _codes.Add(kind);
            else
                _versions[kind] = Math.Max(version, _versions[kind]);
        }
    }

    public IEnumerable<(BuiltinOperator Code, int Version)> Versions => _codes.Select(kind => (kind.Code, _versions[kind]));

    public int IndexOf(Node node) => _codes.IndexOf(Kind(node));

    public int Write(FlatBufferBuilder builder)
    {
        var tables = new int[_codes.Count];
        for (int i = 0; i < tables.Length; i++)
        {
            (BuiltinOperator code, string custom) = _codes[i];
            int customCode = custom.Length > 0 ? builder.CreateString(custom).Value : 0;
            builder.StartTable(4);
            builder.AddInt(3, (int)code, 0);
            builder.AddInt(2, _versions[_codes[i]], 1);
            builder.AddOffset(1, customCode, 0);
            builder.AddSbyte(0, (sbyte)Math.Min((int)code, LargestOldCode), 0);
            tables[i] = builder.EndTable();
        }

        return builder.OffsetVector(tables);
    }

    private static (BuiltinOperator Code, string Custom) Kind(Node node) => (node.Code, node.Options is CustomOptions custom ? custom.Code : "");
}
