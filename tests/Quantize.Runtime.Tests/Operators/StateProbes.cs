using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Variables and tables of the form's type.</summary>
internal static class StateProbes
{
    public static void Variable(ProbeGraph probe)
    {
        int handle = probe.Main.Call(BuiltinOperator.VarHandle, [], "handle", TensorType.Resource, [], new VarHandleOptions { SharedName = "v" });
        probe.Main.Call(BuiltinOperator.AssignVariable, [handle, probe.Data(2)], []);
        probe.Call(BuiltinOperator.ReadVariable, [handle], [2]);
    }

    /// <summary>From keys of the form's type to int64: filled by a subgraph that runs once.</summary>
    public static void Table(ProbeGraph probe)
    {
        var fill = new SubgraphBuilder("fill");
        int keys = fill.Add(new(probe.Form.Name, probe.Form.Data, [1], ProbeGraph.Ones(probe.Form.Data, 1)));
        fill.Call(BuiltinOperator.HashtableImport, [Handle(fill, probe), keys, fill.Constant<long>(TensorType.Int64, [5], 1)], []);
        probe.Main.Call(BuiltinOperator.CallOnce, [], [], new CallOnceOptions { InitSubgraphIndex = probe.AddSubgraph(fill) });
        int handle = Handle(probe.Main, probe);
        int found = probe.Main.Call(BuiltinOperator.HashtableFind, [handle, probe.Data(1), probe.Main.Constant<long>(TensorType.Int64, [-1])], "found", TensorType.Int64, [1]);
        probe.Main.Return(found, probe.Main.Call(BuiltinOperator.HashtableSize, [handle], "size", TensorType.Int64, [1]));
    }

    public static void Lookup(ProbeGraph probe) => probe.CallInto(
        BuiltinOperator.HashtableLookup, [probe.Other(TensorType.Int32, 1), probe.Numbers(1, 2), probe.Data(2)], [probe.Inner(1), probe.Main.Tensor("hits", TensorType.UInt8, 1)]);

    private static int Handle(SubgraphBuilder subgraph, ProbeGraph probe) => subgraph.Call(
        BuiltinOperator.Hashtable, [], "table", TensorType.Resource, [], new HashtableOptions { TableId = 7, KeyDtype = probe.Form.Data, ValueDtype = TensorType.Int64 });
}
