using Google.FlatBuffers;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Emission;

/// <summary>The kinds of operators in the file, in the order of first use, each with the highest version that one of its uses needs.</summary>
internal sealed class OperatorCodes
{
    /// <summary>Codes up to this stand in the old one-byte field too, higher ones only as this marker.</summary>
    private const int LargestOldCode = 127;

    private readonly List<BuiltinOperator> _codes = [];
    private readonly Dictionary<BuiltinOperator, int> _versions = [];

    public OperatorCodes(Module module)
    {
        foreach (Node node in module.Nodes)
        {
            int version = OperatorVersions.Of(node);
            if (_versions.TryAdd(node.Code, version))
                _codes.Add(node.Code);
            else
                _versions[node.Code] = Math.Max(version, _versions[node.Code]);
        }
    }

    public IEnumerable<(BuiltinOperator Code, int Version)> Versions => _codes.Select(code => (code, _versions[code]));

    public int IndexOf(BuiltinOperator code) => _codes.IndexOf(code);

    public int Write(FlatBufferBuilder builder)
    {
        var tables = new int[_codes.Count];
        for (int i = 0; i < tables.Length; i++)
        {
            builder.StartTable(4);
            builder.AddInt(3, (int)_codes[i], 0);
            builder.AddInt(2, _versions[_codes[i]], 1);
            builder.AddSbyte(0, (sbyte)Math.Min((int)_codes[i], LargestOldCode), 0);
            tables[i] = builder.EndTable();
        }

        return builder.OffsetVector(tables);
    }
}
