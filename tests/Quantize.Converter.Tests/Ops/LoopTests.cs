using Quantize.Build;
using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Tests.Ops;

public sealed class LoopTests
{
    /// <summary>Doubles x until the sum exceeds a limit.</summary>
    private const string Doubling = """
        x: float[-1]
        limit := 100.0
        loop = While x limit {cond=@below body=@double}
        y = Identity loop
        function below(v, most) -> r=less:z:0
        all := 0
        sum = Sum v all:output:0
        less = Less sum:output:0 most
        function double(v, most) -> r=twice:z:0, s=most
        two := 2.0
        twice = Mul v two:output:0
        """;

    [Fact]
    public void A_loop_runs_while_its_condition_holds_and_its_constants_are_its_own()
    {
        using var run = new TextRun(Doubling, "y");
        Assert.Equal("While | Sum Less | Mul", run.Operators);
        Assert.Equal("32 96", run.Run(new[] { 1f, 3f }));
        Assert.Equal("200", run.Run(new[] { 200f }));
        Assert.Single(run.Module.Graphs[0].Nodes[0].Inputs);
    }

    [Fact]
    public void A_dimension_that_each_iteration_changes_stays_open()
    {
        using var run = new TextRun("""
            x: float[1]
            loop = While x {cond=@short body=@longer}
            y = Identity loop
            function short(v) -> r=less:z:0
            five := 5
            size = Size v
            less = Less size:output:0 five:output:0
            function longer(v) -> r=joined:output:0
            axis := 0
            more := [7.0]
            joined = ConcatV2 v more:output:0 axis:output:0 {N=2}
            """, "y");
        Assert.Equal("1 7 7 7 7", run.Run(new[] { 1f }));
        Assert.False(run.Module.Graphs[0].Outputs[0].Shape.IsStatic);
    }

    [Fact]
    public void What_a_loop_computes_for_nobody_is_not_carried()
    {
        using var run = new TextRun("""
            x: float[2]
            zero := 0
            three := 3
            loop = While zero x x three {cond=@below body=@next}
            y = Identity loop:1
            function below(i, v, w, n) -> r=less:z:0
            less = Less i n
            function next(i, v, w, n) -> a=add:z:0, b=twice:z:0, c=more:z:0, d=n
            one := 1
            add = AddV2 i one:output:0
            twice = AddV2 v v
            more = Mul w v
            """, "y");
        Assert.Equal("8 16", run.Run(new[] { 1f, 2f }));
        Assert.Equal(2, run.Module.Graphs[0].Nodes.Single(node => node.Code == BuiltinOperator.While).Inputs.Count);
    }

    [Fact]
    public void Tensors_may_change_places_and_stand_for_each_other()
    {
        using var run = new TextRun("""
            a: float[2]
            b: float[2]
            zero := 0
            loop = While zero a b a {cond=@below body=@turn}
            y = Identity loop:1
            z = Identity loop:2
            w = Identity loop:3
            function below(i, v, w, u) -> r=less:z:0
            three := 3
            less = Less i three:output:0
            function turn(i, v, w, u) -> a=add:z:0, b=w, c=v, d=w
            one := 1
            add = AddV2 i one:output:0
            """, "y", "z", "w");
        Assert.Equal("3 4; 1 2; 3 4", run.Run(new[] { 1f, 2f }, new[] { 3f, 4f }));
    }

    [Fact]
    public void The_weights_of_a_loop_are_quantized_where_they_are_used()
    {
        Module module = TextRun.Convert("""
            x: float[-1,32]
            shape := [32 32]
            weight := 0.03125
            weights = Fill shape weight
            zero := 0
            loop = While zero x weights {cond=@below body=@next}
            y = Identity loop:1
            function below(i, v, w) -> r=less:z:0
            three := 3
            less = Less i three:output:0
            function next(i, v, w) -> a=add:z:0, b=product:product:0, c=w
            one := 1
            add = AddV2 i one:output:0
            product = MatMul v w
            """, "y");
        var kept = new Quantize.Converter.Quantization.KeptFloat([]);
        Assert.Null(Assert.Single(Quantize.Converter.Quantization.WeightQuantizer.Run(module, QuantizationScheme.DynamicRange, kept)).StayedFloatBecause);
        Node product = module.Nodes.Single(node => node.Code == BuiltinOperator.FullyConnected);
        Assert.Equal(Quantize.Runtime.TensorType.Int8, product.Input(1)!.Type);
        Assert.Equal("[batch,32]", module.Graphs[0].Outputs[0].Shape.ToString());
    }

    [Fact]
    public void What_cannot_be_imported_within_a_loop_is_told_once()
    {
        var exception = Assert.Throws<ConversionException>(() => TextRun.Convert(Doubling.Replace("twice = Mul v two:output:0", "twice = Zeta v two:output:0"), "y"));
        ModelDiagnostic diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(DiagnosticTable.UnsupportedOperation, diagnostic.Entry);
        Assert.Contains("'twice'", diagnostic.Message);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        byte[] first = Emission(), second = Emission();
        Assert.Equal(first, second);

        static byte[] Emission() => Quantize.Converter.Emission.TfLiteEmitter.Emit(TextRun.Convert(Doubling, "y")).ToArray();
    }
}
