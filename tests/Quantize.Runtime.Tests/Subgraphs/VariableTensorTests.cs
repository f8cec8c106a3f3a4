using Quantize.Runtime.Format;
using Quantize.Runtime.Ops;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Subgraphs;

/// <summary>Tensors that an operator changes in place, as recurrent ones do.</summary>
public sealed class VariableTensorTests
{
    /// <summary>Stands for an operator with state: adds its input to its second operand, and gives the sum.</summary>
    private static readonly OperatorDefinition s_sum = new(BuiltinOperator.Svdf, context => context.Output(0, context.Type(0), context.Shape(0)), context => new SumStep(context)) { IsStateful = true };

    [Fact]
    public void They_last_from_run_to_run_until_the_session_is_reset()
    {
        using CompiledModel model = Load();
        using Session session = model.CreateSession(), other = model.CreateSession();
        Assert.Equal([1, 3, 6], new float[] { 1, 2, 3 }.Select(value => Add(session, value)));
        Assert.Equal(5, Add(other, 5));
        session.Reset();
        Assert.Equal(7, Add(session, 7));
    }

    [Fact]
    public void They_last_through_other_input_shapes()
    {
        using CompiledModel model = Load();
        using Session session = model.CreateSession();
        Assert.Equal(1, Add(session, 1));
        session.Resize(0, 3, 1);
        session.Input<float>(0).Fill(1);
        session.Run();
        session.Resize(0, 1, 1);
        Assert.Equal(4, Add(session, 2));
    }

    private static float Add(Session session, float value)
    {
        session.Input<float>(0)[0] = value;
        session.Run();
        return session.Output<float>(0)[0];
    }

    private static CompiledModel Load()
    {
        var main = new SubgraphBuilder("main");
        int x = main.Input("x", TensorType.Float32, -1, 1), state = main.Variable("state", TensorType.Float32, 1);
        main.Return(main.Call(BuiltinOperator.Svdf, [x, state], "sum", TensorType.Float32, [-1, 1]));
        return CompiledModel.Load(ModelWriter.Write(main), new CompileOptions { Operators = [new OperatorKernel(s_sum)] });
    }

    private sealed class SumStep(PrepareContext prepare) : Step
    {
        private readonly TensorSlot _input = prepare.Input(0);
        private readonly TensorSlot _state = prepare.Input(1);
        private readonly TensorSlot _output = prepare.Output(0);

        public override string Kernel => "sum";

        public override void Run(in RunContext context)
        {
            Span<float> state = context.Write<float>(_state);
            state[0] += context.Read<float>(_input)[0];
            context.Write<float>(_output).Fill(state[0]);
        }
    }
}
