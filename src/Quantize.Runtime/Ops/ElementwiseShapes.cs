using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>One element in, one element out.</summary>
internal static class ElementwiseShapes
{
    public static void Unary(ShapeContext context) => context.Output(0, context.Type(0), context.Shape(0));

    public static void Dequantize(ShapeContext context) => context.Output(0, TensorType.Float32, context.Shape(0));

    public static void ToDeclaredType(ShapeContext context) => context.Output(0, context.DeclaredType(0), context.Shape(0));

    /// <summary>Files may leave the options out: then the tensors' types are all there is.</summary>
    public static void Cast(ShapeContext context)
    {
        var options = context.OptionsAs<CastOptions>();
        context.Output(0, options.InDataType == options.OutDataType ? context.DeclaredType(0) : options.OutDataType, context.Shape(0), context.Values(0));
    }

    /// <summary>Floats stay floats; codes may become codes of another type.</summary>
    public static void FloatOrDeclaredType(ShapeContext context) =>
        context.Output(0, context.Type(0) == TensorType.Float32 ? TensorType.Float32 : context.DeclaredType(0), context.Shape(0));

    public static void Compare(ShapeContext context)
    {
        if (context.Type(0) != context.Type(1))
            throw context.Fail($"compares {context.Type(0)} with {context.Type(1)}");
        context.Output(0, TensorType.Bool, ShapeRules.Broadcast(context, context.Shape(0), context.Shape(1)));
    }

    public static void Binary(ShapeContext context)
    {
        if (context.Type(0) != context.Type(1))
            throw context.Fail($"combines {context.Type(0)} with {context.Type(1)}");
        context.Output(0, context.Type(0), ShapeRules.Broadcast(context, context.Shape(0), context.Shape(1)), BinaryValues(context));
    }

    /// <summary>16-bit codes may have slopes of 8 bits.</summary>
    public static void Prelu(ShapeContext context)
    {
        if (context.Type(0) != context.Type(1) && (context.Type(0), context.Type(1)) != (TensorType.Int16, TensorType.Int8))
            throw context.Fail($"combines {context.Type(0)} with {context.Type(1)}");
        context.Output(0, context.Type(0), ShapeRules.Broadcast(context, context.Shape(0), context.Shape(1)));
    }

    /// <summary>Shape arithmetic on known integers.</summary>
    private static Dimension[]? BinaryValues(ShapeContext context)
    {
        if (context.Values(0) is not { } a || context.Values(1) is not { } b || (a.Length != b.Length && a.Length != 1 && b.Length != 1))
            return null;
        var values = new Dimension[Math.Max(a.Length, b.Length)];
        for (int i = 0; i < values.Length; i++)
        {
            Dimension x = a[a.Length == 1 ? 0 : i];
            Dimension y = b[b.Length == 1 ? 0 : i];
            Dimension? value = context.Options switch
            {
                AddOptions => x + y,
                SubOptions => x - y,
                MulOptions => x * y,
                _ => null,
            };
            if (value is null)
                return null;
            values[i] = value.Value;
        }

        return values;
    }
}
