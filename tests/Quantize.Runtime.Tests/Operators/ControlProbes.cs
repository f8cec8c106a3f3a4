using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Operators;

/// <summary>Operators that run subgraphs: a value of the form's type goes through.</summary>
internal static class ControlProbes
{
    public static void Call(ProbeGraph probe) => probe.Call(BuiltinOperator.Call, [probe.Data(2)], [2], new CallOptions { Subgraph = probe.AddSubgraph(Through(probe, "callee")) });

    public static void Composite(ProbeGraph probe) => probe.Call(
        BuiltinOperator.StablehloComposite, [probe.Data(2)], [2],
        new StablehloCompositeOptions { Name = "composed", Subgraph = probe.AddSubgraph(Through(probe, "decomposition")) });

    public static void CallOnce(ProbeGraph probe)
    {
        probe.Main.Call(BuiltinOperator.CallOnce, [], [], new CallOnceOptions { InitSubgraphIndex = probe.AddSubgraph(new SubgraphBuilder("nothing")) });
        probe.Main.Return(probe.Main.Input("x", TensorType.Float32, 1));
    }

    public static void If(ProbeGraph probe) => probe.Call(
        BuiltinOperator.If, [probe.Other(TensorType.Bool), probe.Data(2)], [2],
        new IfOptions { ThenSubgraphIndex = probe.AddSubgraph(Through(probe, "then")), ElseSubgraphIndex = probe.AddSubgraph(Through(probe, "else")) });

    /// <summary>A loop that ends before its first iteration.</summary>
    public static void While(ProbeGraph probe)
    {
        var condition = new SubgraphBuilder("condition");
        int value = probe.DataIn(condition, 2);
        int rank = condition.Call(BuiltinOperator.Rank, [value], "rank", TensorType.Int32, []);
        condition.Return(condition.Call(BuiltinOperator.Equal, [rank, condition.Constant(TensorType.Int32, new[] { 0 })], "goes on", TensorType.Bool, []));
        probe.Call(
            BuiltinOperator.While, [probe.Data(2)], [2],
            new WhileOptions { CondSubgraphIndex = probe.AddSubgraph(condition), BodySubgraphIndex = probe.AddSubgraph(Through(probe, "body")) });
    }

    private static SubgraphBuilder Through(ProbeGraph probe, string name)
    {
        var subgraph = new SubgraphBuilder(name);
        return subgraph.Return(probe.DataIn(subgraph, 2));
    }
}
