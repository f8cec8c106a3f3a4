using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Ops;

public sealed class BranchTests
{
    private const string Choice = """
        x: float[2]
        chosen = If PREDICATE x {then_branch=@twice else_branch=@opposite}
        y = Identity chosen
        function twice(v) -> r=sum:z:0
        sum = AddV2 v v
        function opposite(v) -> r=neg:y:0
        neg = Neg v
        """;

    [Fact]
    public void A_branch_is_taken_by_a_tensor_of_the_run()
    {
        using var run = new TextRun("p: bool[]\n" + Choice.Replace("PREDICATE", "p"), "y");
        Assert.Equal("If | Add | Neg", run.Operators);
        Assert.Equal("2 4", run.Run(new[] { true }, new[] { 1f, 2f }));
        Assert.Equal("-1 -2", run.Run(new[] { false }, new[] { 1f, 2f }));
    }

    [Theory]
    [InlineData("true", "Add")]
    [InlineData("false", "Neg")]
    [InlineData("3", "Add")]
    [InlineData("0.0", "Neg")]
    public void A_condition_that_is_known_leaves_one_branch(string condition, string operators)
    {
        using var run = new TextRun($"p := {condition}\n" + Choice.Replace("PREDICATE", "p"), "y");
        Assert.Equal(operators, run.Operators);
    }

    [Fact]
    public void A_number_is_true_where_it_is_not_zero()
    {
        using var run = new TextRun("p: int[]\n" + Choice.Replace("PREDICATE", "p"), "y");
        Assert.Equal("2 4", run.Run(new[] { -3 }, new[] { 1f, 2f }));
        Assert.Equal("-1 -2", run.Run(new[] { 0 }, new[] { 1f, 2f }));
    }

    /// <summary>A number that no branch has runs the last one.</summary>
    [Theory]
    [InlineData(0, "2 4")]
    [InlineData(1, "-1 -2")]
    [InlineData(2, "1 4")]
    [InlineData(3, "1 4")]
    [InlineData(-1, "1 4")]
    public void A_case_is_a_chain_of_branches(int number, string expected)
    {
        using var run = new TextRun("""
            n: int[]
            x: float[2]
            chosen = Case n x {branches=@twice|@opposite|@square}
            y = Identity chosen
            function twice(v) -> r=sum:z:0
            sum = AddV2 v v
            function opposite(v) -> r=neg:y:0
            neg = Neg v
            function square(v) -> r=product:z:0
            product = Mul v v
            """, "y");
        Assert.Equal(expected, run.Run(new[] { number }, new[] { 1f, 2f }));
        Assert.Equal(2, run.Module.Nodes.Count(node => node.Code == BuiltinOperator.If));
    }

    [Fact]
    public void What_both_branches_hand_on_does_not_go_through_them()
    {
        using var run = new TextRun("""
            p: bool[]
            x: float[2]
            z: float[2]
            chosen = If p x z {then_branch=@a else_branch=@b}
            y = Identity chosen
            w = Identity chosen:1
            function a(v, u) -> r=sum:z:0, s=u
            sum = AddV2 v v
            function b(v, u) -> r=v, s=u
            """, "y", "w");
        Assert.Equal("2 4; 5 6", run.Run(new[] { true }, new[] { 1f, 2f }, new[] { 5f, 6f }));
        Assert.Equal("1 2; 5 6", run.Run(new[] { false }, new[] { 1f, 2f }, new[] { 5f, 6f }));
        Assert.Single(run.Module.Nodes.Single(node => node.Code == BuiltinOperator.If).Outputs);
    }

    [Fact]
    public void Branches_may_give_different_lengths()
    {
        using var run = new TextRun("""
            p: bool[]
            x: float[2]
            chosen = If p x {then_branch=@a else_branch=@b}
            y = Identity chosen
            function a(v) -> r=joined:output:0
            axis := 0
            joined = ConcatV2 v v axis:output:0 {N=2}
            function b(v) -> r=v
            """, "y");
        Assert.Equal("1 2 1 2", run.Run(new[] { true }, new[] { 1f, 2f }));
        Assert.Equal("1 2", run.Run(new[] { false }, new[] { 1f, 2f }));
    }
}
