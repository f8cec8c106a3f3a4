using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class StateTests
{
    [Fact]
    public void A_variable_keeps_its_value_from_run_to_run_until_the_session_is_reset()
    {
        using CompiledModel model = CompiledModel.Load(Counter());
        using Session session = model.CreateSession("add");
        session.Input<float>("step")[0] = 2;
        foreach (float expected in (float[])[12, 14, 16])
        {
            session.Run();
            Assert.Equal(expected, session.Output<float>(0)[0]);
        }

        session.Reset();
        session.Run();
        Assert.Equal(12, session.Output<float>(0)[0]); // the variable begins with 10 again
    }

    [Fact]
    public void Sessions_opened_from_one_another_share_variables_and_others_do_not()
    {
        using CompiledModel model = CompiledModel.Load(Counter());
        using Session add = model.CreateSession("add"), read = add.CreateSession("read"), other = model.CreateSession("add");
        add.Input<float>("step")[0] = 5;
        add.Run();
        read.Run();
        Assert.Equal(15, read.Output<float>(0)[0]);
        other.Run();
        Assert.Equal(10, other.Output<float>(0)[0]);
        read.Reset();
        add.Run();
        Assert.Equal(15, add.Output<float>(0)[0]);
    }

    [Fact]
    public void A_variable_that_nothing_assigned_is_named()
    {
        using CompiledModel model = CompiledModel.Load(Counter());
        using Session session = model.CreateSession("read");
        Assert.Contains("is read before it is assigned", Assert.Throws<InvalidOperationException>(session.Run).Message);
    }

    [Fact]
    public void A_run_with_variables_allocates_nothing()
    {
        using CompiledModel model = CompiledModel.Load(Counter());
        using Session session = model.CreateSession("add");
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_variable_may_change_its_shape_where_the_file_leaves_it_open()
    {
        using CompiledModel model = ModelWriter.Load(Queue());
        using Session session = model.CreateSession();
        session.Input<float>("x").Fill(1);
        for (int run = 1; run <= 3; run++)
        {
            session.Run();
            Assert.Equal([run + 1], session.OutputShape(0));
        }

        session.Reset();
        session.Run();
        Assert.Equal([2], session.OutputShape(0));
    }

    /// <summary>"add" initializes a variable to 10 once, adds to it and gives the sum; "read" gives its value.</summary>
    private static byte[] Counter()
    {
        var add = new SubgraphBuilder("add");
        int step = add.Input("step", TensorType.Float32, 1);
        add.Call(BuiltinOperator.CallOnce, [], [], new CallOnceOptions { InitSubgraphIndex = 2 });
        int handle = Handle(add);
        int value = add.Call(BuiltinOperator.ReadVariable, [handle], "value", TensorType.Float32, [1]);
        int sum = add.Call(BuiltinOperator.Add, [value, step], "sum", TensorType.Float32, [1]);
        add.Call(BuiltinOperator.AssignVariable, [handle, sum], []);
        add.Return(sum);
        var read = new SubgraphBuilder("read");
        read.Return(read.Call(BuiltinOperator.ReadVariable, [Handle(read)], "value", TensorType.Float32, [1]));
        var initialize = new SubgraphBuilder("initialize");
        initialize.Call(BuiltinOperator.AssignVariable, [Handle(initialize), initialize.Constant<float>(TensorType.Float32, [10], 1)], []);
        return ModelWriter.WriteWithSignatures(["add", "read"], add, read, initialize);
    }

    /// <summary>A variable that gets one element longer with each run.</summary>
    private static SubgraphBuilder[] Queue()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 1);
        main.Call(BuiltinOperator.CallOnce, [], [], new CallOnceOptions { InitSubgraphIndex = 1 });
        int handle = Handle(main);
        int queue = main.Call(BuiltinOperator.ReadVariable, [handle], "queue", TensorType.Float32, [-1]);
        int longer = main.Call(BuiltinOperator.Concatenation, [queue, x], "longer", TensorType.Float32, [-1]);
        main.Call(BuiltinOperator.AssignVariable, [handle, longer], []);
        main.Return(longer);
        var initialize = new SubgraphBuilder("initialize");
        initialize.Call(BuiltinOperator.AssignVariable, [Handle(initialize), initialize.Constant<float>(TensorType.Float32, [0], 1)], []);
        return [main, initialize];
    }

    private static int Handle(SubgraphBuilder subgraph) =>
        subgraph.Call(BuiltinOperator.VarHandle, [], "handle", TensorType.Resource, [], new VarHandleOptions { SharedName = "total" });
}
