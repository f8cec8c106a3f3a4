using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Resource variables. A handle is a number that the planner knows, so that reading and assigning find their variable before the run.</summary>
internal static class VariableOperator
{
    public static OperatorDefinition Handle { get; } = new(
        BuiltinOperator.VarHandle, InferHandle, context => new HandleStep(context.Output(0), context.State.Variable(context.OptionsAs<VarHandleOptions>()), "variable"))
    {
        DependsOnShapesOnly = true,
    };

    public static OperatorDefinition Read { get; } = new(BuiltinOperator.ReadVariable, InferRead, context => new ReadStep(Variable(context), context.Input(0).Name, context.Output(0)))
    {
        IsStateful = true,
        SizesItself = true,
    };

    public static OperatorDefinition Assign { get; } = new(BuiltinOperator.AssignVariable, _ => { }, context => new AssignStep(Variable(context), context.Input(1))) { IsStateful = true };

    public static void InferHandle(ShapeContext context) => context.Output(0, TensorType.Resource, Shape.Scalar);

    /// <summary>The file says what the variable holds; where it leaves dimensions open, the run does.</summary>
    private static void InferRead(ShapeContext context) => context.Output(0, context.DeclaredType(0), context.DeclaredShape(0));

    private static int Variable(PrepareContext context) => context.Constant<int>(context.Input(0))[0];

    private sealed class ReadStep(int variable, string name, TensorSlot output) : Step
    {
        public override string Kernel => "read variable";

        public override void Run(in RunContext context)
        {
            Variable source = context.Frame.State.Variable(variable);
            if (!source.IsAssigned)
                throw new InvalidOperationException($"the variable '{name}' is read before it is assigned");
            if (source.Type != output.Type || (!output.IsRunSized && !source.Shape.SequenceEqual(output.Shape)))
                throw new InvalidOperationException($"the variable '{name}' holds {source.Type}[{string.Join(',', source.Shape.ToArray())}], but is read as {output}");
            source.Bytes.CopyTo(output.IsSizedByStep ? context.AllocateBytes(output, source.Bytes.Length, source.Shape) : context.Write<byte>(output));
        }
    }

    private sealed class AssignStep(int variable, TensorSlot value) : Step
    {
        public override string Kernel => "assign variable";

        public override void Run(in RunContext context) => context.Frame.State.Variable(variable).Assign(value.Type, value.Shape, context.Read<byte>(value));
    }
}
