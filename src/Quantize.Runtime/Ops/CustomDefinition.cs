using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>A custom operator as an operator like the others.</summary>
internal static class CustomDefinition
{
    public static OperatorDefinition Of(CustomOperator custom) => new(BuiltinOperator.Custom, context => Infer(custom, context), context => Prepare(custom, context))
    {
        IsStateful = true,
        SizesItself = true,
    };

    private static void Infer(CustomOperator custom, ShapeContext context)
    {
        int[]?[] shapes = new int[context.OutputCount][];
        Shape[] inputs = [.. Enumerable.Range(0, context.InputCount).Where(context.HasInput).Select(i => context.Shape(i))];
        if (Array.TrueForAll(inputs, shape => shape.IsStatic))
        {
            TensorSlot?[] slots = [.. Enumerable.Range(0, context.InputCount).Select(i => context.HasInput(i) ? new TensorSlot($"#{i}", context.Type(i), context.Shape(i).ToArray()) : null)];
            var preparation = new CustomOperatorContext(
                context.OptionsAs<CustomOptions>(), slots, [.. Enumerable.Range(0, context.OutputCount).Select(i => (context.DeclaredType(i), (QuantizationParameters?)null))]);
            custom.Prepare(preparation);
            shapes = preparation.OutputShapes;
        }

        for (int i = 0; i < shapes.Length; i++)
            context.Output(i, context.DeclaredType(i), shapes[i] is { } shape ? Shape.Of(shape.AsSpan()) : Shape.Unknown);
    }

    private static CustomStep Prepare(CustomOperator custom, PrepareContext context)
    {
        TensorSlot?[] inputs = [.. Enumerable.Range(0, context.InputCount).Select(context.OptionalInput)];
        TensorSlot[] outputs = [.. Enumerable.Range(0, context.OutputCount).Select(context.Output)];
        var preparation = new CustomOperatorContext(context.OptionsAs<CustomOptions>(), inputs, [.. outputs.Select(output => (output.Type, output.Quantization))]);
        CustomKernel kernel = custom.Prepare(preparation);
        return new CustomStep(custom.Name, kernel, inputs, outputs, [.. preparation.ScratchBytes.Select(context.Scratch)]);
    }

    private sealed class CustomStep(string name, CustomKernel kernel, TensorSlot?[] inputs, TensorSlot[] outputs, TensorSlot[] scratch) : Step
    {
        public override string Kernel => $"custom {name}";

        public override void Run(in RunContext context) => kernel(new CustomRun(context, inputs, outputs, scratch));
    }
}
