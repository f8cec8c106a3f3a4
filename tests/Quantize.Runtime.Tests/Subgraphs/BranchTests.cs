using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class BranchTests
{
    [Fact]
    public void The_condition_chooses_the_branch()
    {
        using CompiledModel model = ModelWriter.Load(Caller(), Branch("then", BuiltinOperator.Neg), Branch("else", BuiltinOperator.Abs));
        using Session session = model.CreateSession();
        session.Input<float>("x")[0] = -3;
        session.Input<float>("x")[1] = 5;
        session.Input<bool>("condition")[0] = true;
        session.Run();
        Assert.Equal([3, -5], session.Output<float>(0).ToArray());
        session.Input<bool>("condition")[0] = false;
        session.Run();
        Assert.Equal([3, 5], session.Output<float>(0).ToArray());
        Assert.Equal("if", session.Plan[0].Kernel);
    }

    [Fact]
    public void A_branch_may_give_what_it_was_given()
    {
        var same = new SubgraphBuilder("same");
        same.Return(same.Input("x", TensorType.Float32, 2));
        using CompiledModel model = ModelWriter.Load(Caller(), same, Branch("else", BuiltinOperator.Neg));
        using Session session = model.CreateSession();
        session.Input<float>("x").Fill(4);
        session.Input<bool>("condition")[0] = true;
        session.Run();
        Assert.Equal([4, 4], session.Output<float>(0).ToArray());
    }

    [Fact]
    public void Branches_of_different_shapes_are_planned_in_the_run()
    {
        var twice = new SubgraphBuilder("twice");
        int x = twice.Input("x", TensorType.Float32, 2);
        twice.Return(twice.Call(BuiltinOperator.Concatenation, [x, x], "both", TensorType.Float32, [4]));
        using CompiledModel model = ModelWriter.Load(Caller(-1), twice, Branch("else", BuiltinOperator.Neg));
        using Session session = model.CreateSession();
        Assert.Equal([-1], session.OutputShape(0));
        Assert.Throws<InvalidOperationException>(() => session.Output<float>(0).ToArray());
        for (int round = 0; round < 2; round++)
        {
            session.Input<float>("x").Fill(round + 1);
            session.Input<bool>("condition")[0] = true;
            session.Run();
            Assert.Equal([4], session.OutputShape(0));
            session.Input<bool>("condition")[0] = false;
            session.Run();
            Assert.Equal([-1f - round, -1f - round], session.Output<float>(0).ToArray());
        }
    }

    [Fact]
    public void A_subgraph_that_calls_itself_is_refused_by_its_way()
    {
        var caller = new SubgraphBuilder("caller");
        int x = caller.Input("x", TensorType.Float32, 2);
        caller.Return(caller.Call(BuiltinOperator.Call, [x], "y", TensorType.Float32, [2], new CallOptions { Subgraph = 1 }));
        var callee = new SubgraphBuilder("callee");
        int z = callee.Input("z", TensorType.Float32, 2);
        callee.Return(callee.Call(BuiltinOperator.Call, [z], "w", TensorType.Float32, [2], new CallOptions { Subgraph = 0 }));
        ModelFormatException recursive = Assert.Throws<ModelFormatException>(() => ModelWriter.Load(caller, callee));
        Assert.Contains("'caller' (0) -> 'callee' (1) -> 'caller' (0)", recursive.Message);
    }

    [Fact]
    public void A_subgraph_that_the_file_does_not_have_is_refused()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 2);
        main.Return(main.Call(BuiltinOperator.Call, [x], "y", TensorType.Float32, [2], new CallOptions { Subgraph = 7 }));
        Assert.Contains("calls subgraph 7", Assert.Throws<ModelFormatException>(() => ModelWriter.Load(main)).Message);
    }

    [Fact]
    public void Subgraphs_that_double_with_each_level_do_not_fill_the_memory()
    {
        const int levels = 40;
        SubgraphBuilder[] subgraphs = [.. Enumerable.Range(0, levels).Select(Level)];
        using CompiledModel model = ModelWriter.Load(subgraphs);
        using Session session = model.CreateSession();
        Assert.Contains("steps", Assert.Throws<ModelFormatException>(session.Run).Message);

        SubgraphBuilder Level(int level)
        {
            var subgraph = new SubgraphBuilder($"level{level}");
            int x = subgraph.Input("x", TensorType.Float32, 1);
            if (level == levels - 1)
                return subgraph.Return(subgraph.Call(BuiltinOperator.Neg, [x], "y", TensorType.Float32, [1]));
            int once = subgraph.Call(BuiltinOperator.Call, [x], "once", TensorType.Float32, [1], new CallOptions { Subgraph = level + 1 });
            return subgraph.Return(subgraph.Call(BuiltinOperator.Call, [once], "twice", TensorType.Float32, [1], new CallOptions { Subgraph = level + 1 }));
        }
    }

    private static SubgraphBuilder Caller(int length = 2)
    {
        var main = new SubgraphBuilder("main");
        int condition = main.Input("condition", TensorType.Bool), x = main.Input("x", TensorType.Float32, 2);
        return main.Return(main.Call(BuiltinOperator.If, [condition, x], "y", TensorType.Float32, [length], new IfOptions { ThenSubgraphIndex = 1, ElseSubgraphIndex = 2 }));
    }

    private static SubgraphBuilder Branch(string name, BuiltinOperator code)
    {
        var branch = new SubgraphBuilder(name);
        return branch.Return(branch.Call(code, [branch.Input("x", TensorType.Float32, 2)], "y", TensorType.Float32, [2]));
    }
}
