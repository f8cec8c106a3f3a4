using Quantize.Runtime.Format;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

public sealed class CustomOperatorTests
{
    private static readonly CustomOperator s_scale = new("Scale", context =>
    {
        context.SetOutputShape(0, context.InputShape(0));
        float factor = context.Options.Span[0];
        return run =>
        {
            ReadOnlySpan<float> source = run.Input<float>(0);
            Span<float> target = run.Output<float>(0);
            for (int i = 0; i < target.Length; i++)
                target[i] = factor * source[i];
        };
    });

    private static readonly CustomOperator s_positive = new("Positive", _ => run =>
    {
        int count = 0;
        foreach (float value in run.Input<float>(0))
            count += value > 0 ? 1 : 0;
        Span<float> kept = run.Allocate<float>(0, count);
        int at = 0;
        foreach (float value in run.Input<float>(0))
        {
            if (value > 0)
                kept[at++] = value;
        }
    });

    [Fact]
    public void An_operator_of_the_user_states_its_shape_and_computes()
    {
        using CompiledModel model = Load(Twice("Scale", [3]), s_scale);
        using Session session = model.CreateSession();
        session.Input<float>(0).Fill(2);
        session.Run();
        Assert.Equal([18, 18, 18, 18], session.Output<float>(0).ToArray());
        Assert.Equal("custom Scale", session.Plan[0].Kernel);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_operator_of_the_user_may_leave_the_shape_to_the_run()
    {
        using CompiledModel model = Load(Twice("Positive", []), s_positive);
        using Session session = model.CreateSession();
        float[] values = [1, -1, 3, 0];
        values.CopyTo(session.Input<float>(0));
        session.Run();
        Assert.Equal([1, 3], session.Output<float>(0).ToArray());
        Assert.Equal([2], session.OutputShape(0));
    }

    [Fact]
    public void Every_custom_operator_that_nobody_registered_is_named()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 4), y = main.Tensor("y", TensorType.Float32, 4), z = main.Tensor("z", TensorType.Float32, 4);
        main.CallCustom("Scale", [x], [y], []);
        main.CallCustom("Offset", [y], [z], []);
        main.Return(z);
        string message = Assert.Throws<ModelFormatException>(() => ModelWriter.Load(main)).Message;
        Assert.Contains("Offset, Scale", message);
        Assert.Contains(nameof(CompileOptions.CustomOperators), message);
    }

    [Fact]
    public void A_wrong_element_type_is_told()
    {
        var wrong = new CustomOperator("Scale", context =>
        {
            context.SetOutputShape(0, context.InputShape(0));
            return run => run.Output<long>(0).Clear();
        });
        using CompiledModel model = Load(Twice("Scale", []), wrong);
        using Session session = model.CreateSession();
        Assert.Contains("Float32, not Int64", Assert.Throws<ArgumentException>(session.Run).Message);
    }

    private static CompiledModel Load(SubgraphBuilder subgraph, CustomOperator custom) =>
        CompiledModel.Load(ModelWriter.Write(subgraph), new CompileOptions { CustomOperators = [custom] });

    private static SubgraphBuilder Twice(string code, byte[] options)
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, 4), y = main.Tensor("y", TensorType.Float32, -1), z = main.Tensor("z", TensorType.Float32, -1);
        main.CallCustom(code, [x], [y], options);
        main.CallCustom(code, [y], [z], options);
        return main.Return(z);
    }
}
