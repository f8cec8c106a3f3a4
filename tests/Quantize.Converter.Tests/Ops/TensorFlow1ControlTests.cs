using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Ops;

/// <summary>Control flow as TensorFlow 1 writes it into a graph.</summary>
public sealed class TensorFlow1ControlTests
{
    private const string Loop = """
        x: float[2]
        zero := 0
        times: int[]
        enter = Enter zero {frame_name=outer}
        enter_1 = Enter x {frame_name=outer}
        limit = Enter times {frame_name=outer is_constant=true}
        merge = Merge enter next
        merge_1 = Merge enter_1 next_1
        less = Less merge limit
        cond = LoopCond less
        switch = Switch merge cond
        switch_1 = Switch merge_1 cond
        i = Identity switch:1
        v = Identity switch_1:1
        one := 1
        add = AddV2 i one
        BODY
        next = NextIteration add
        next_1 = NextIteration w
        exit = Exit switch_1
        y = Identity exit
        """;

    [Fact]
    public void A_frame_becomes_a_loop()
    {
        using var run = new TextRun(Loop.Replace("BODY", "w = AddV2 v v"), "y");
        Assert.Equal("While | Less | Add Add", run.Operators);
        Assert.Equal("8 16", run.Run(new[] { 3 }, new[] { 1f, 2f }));
        Assert.Equal("1 2", run.Run(new[] { 0 }, new[] { 1f, 2f }));
    }

    /// <summary>The inner loop adds i times: with i = 0, 1, 2 the factors are 1, 2, 3.</summary>
    [Fact]
    public void A_frame_within_a_frame_becomes_a_loop_within_a_loop()
    {
        using var run = new TextRun(Loop.Replace("BODY", """
            inner_zero := 0
            inner_enter = Enter inner_zero {frame_name=inner}
            inner_enter_1 = Enter v {frame_name=inner}
            inner_limit = Enter i {frame_name=inner is_constant=true}
            inner_step = Enter v {frame_name=inner is_constant=true}
            inner_merge = Merge inner_enter inner_next
            inner_merge_1 = Merge inner_enter_1 inner_next_1
            inner_less = Less inner_merge inner_limit
            inner_cond = LoopCond inner_less
            inner_switch = Switch inner_merge inner_cond
            inner_switch_1 = Switch inner_merge_1 inner_cond
            inner_one := 1
            inner_add = AddV2 inner_switch:1 inner_one
            inner_sum = AddV2 inner_switch_1:1 inner_step
            inner_next = NextIteration inner_add
            inner_next_1 = NextIteration inner_sum
            w = Exit inner_switch_1
            """), "y");
        Assert.Equal(2, run.Module.Nodes.Count(node => node.Code == BuiltinOperator.While));
        Assert.Equal("6 12", run.Run(new[] { 3 }, new[] { 1f, 2f }));
    }

    [Fact]
    public void A_switch_within_a_frame_becomes_a_branch_within_a_loop()
    {
        using var run = new TextRun(Loop.Replace("BODY", """
            two := 2
            late = GreaterEqual i two
            side = Switch v late
            neg = Neg side:1
            twice = AddV2 side side
            w = Merge twice neg
            """), "y");
        Assert.Equal("-4 -8", run.Run(new[] { 3 }, new[] { 1f, 2f }));
    }

    private const string Cond = """
        x: float[2]
        p: bool[]
        cond/pivots = Switch p p
        cond/switch_t = Identity cond/pivots:1
        cond/switch_f = Identity cond/pivots
        cond/x = Switch x p
        cond/exp = Exp cond/x:1
        cond/a = Neg cond/exp
        cond/b = Abs cond/exp
        cond/one := 1.0
        cond/c = AddV2 cond/x cond/one
        cond/Merge = Merge cond/c cond/a
        cond/Merge_1 = Merge cond/x cond/b
        y = Identity cond/Merge
        z = Identity cond/Merge_1
        """;

    [Fact]
    public void Merges_of_one_cond_are_one_branch()
    {
        using var run = new TextRun(Cond, "y", "z");
        Assert.Single(run.Module.Nodes, node => node.Code == BuiltinOperator.If);
        Assert.Single(run.Module.Nodes, node => node.Code == BuiltinOperator.Exp);
        Assert.Equal("-1 -1; 1 1", run.Run(new[] { true }, new[] { 0f, 0f }));
        Assert.Equal("2 3; 1 2", run.Run(new[] { false }, new[] { 1f, 2f }));
    }

    [Fact]
    public void Conds_behind_each_other_and_within_each_other_keep_their_order()
    {
        using var run = new TextRun("""
            x: float[2]
            p: bool[]
            q: bool[]
            s = Switch x p
            inner_p = Switch q p
            t = Switch s:1 inner_p:1
            a = Neg t:1
            b = AddV2 t t
            m = Merge b a
            c = Abs s
            n = Merge c m
            u = Switch n p
            d = Neg u:1
            y = Merge u d
            """, "y");
        Assert.Equal("1 -2", run.Run(new[] { true }, new[] { true }, new[] { 1f, -2f }));
        Assert.Equal("-2 4", run.Run(new[] { true }, new[] { false }, new[] { 1f, -2f }));
        Assert.Equal("1 2", run.Run(new[] { false }, new[] { true }, new[] { 1f, -2f }));
    }

    [Fact]
    public void A_TensorArray_is_a_list()
    {
        using var run = new TextRun("""
            x: float[3,2]
            count := 3
            array = TensorArrayV3 count {dtype=float}
            into = TensorArrayV3 count {dtype=float}
            places := [0 1 2]
            filled = TensorArrayScatterV3 array places x array:1
            one := 1
            two := 2
            middle = TensorArrayReadV3 array one filled {dtype=float}
            first = TensorArrayWriteV3 into two middle into:1
            twice = AddV2 middle middle
            second = TensorArrayWriteV3 into one twice first
            y = TensorArrayGatherV3 into places second {dtype=float}
            n = TensorArraySizeV3 into second
            """, "y", "n");
        Assert.Equal("0 0 6 8 3 4; 3", run.Run(new[,] { { 1f, 2f }, { 3f, 4f }, { 5f, 6f } }));
    }
}
