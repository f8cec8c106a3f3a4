using Quantize.Runtime.Format;

namespace Quantize.Runtime.Shapes;

/// <summary>
/// What an operator's shape rule sees: types, shapes and, where known, integer values of its inputs. The planner gives numbers, the converter gives symbols too;
/// the rule is the same.
/// </summary>
internal abstract class ShapeContext
{
    public abstract OperatorOptions Options { get; }

    public abstract int InputCount { get; }

    public abstract int OutputCount { get; }

    /// <summary>False for an optional input that is not given.</summary>
    public abstract bool HasInput(int index);

    public abstract TensorType Type(int input);

    public abstract Shape Shape(int input);

    /// <summary>The elements of an integer input, where they are known: a constant, or shape arithmetic. Null where they are not.</summary>
    public abstract Dimension[]? Values(int input);

    /// <summary>The elements of a constant float input. Null where they are not known.</summary>
    public abstract float[]? Floats(int input);

    /// <summary>The type that the file or the graph gives the output: what a few operators are told by nothing else.</summary>
    public abstract TensorType DeclaredType(int output);

    /// <summary>The shape that the file or the graph gives the output, symbols where it is open.</summary>
    public abstract Shape DeclaredShape(int output);

    /// <summary>What a subgraph gives for those inputs.</summary>
    public virtual IReadOnlyList<InferredTensor> Call(int subgraph, IReadOnlyList<InferredTensor> inputs) => throw Fail("runs subgraphs, which only a whole model has");

    /// <summary>A dimension that only the run knows and that no operand names: a converter gives it a name that no other dimension has.</summary>
    public virtual Dimension Open(string name) => Dimension.Symbol(name);

    /// <summary>States an output. <paramref name="values"/> are its elements where the rule knows them.</summary>
    public abstract void Output(int index, TensorType type, Shape shape, Dimension[]? values = null);

    /// <summary>An exception that names the operator and the fact.</summary>
    public abstract Exception Fail(string fact);

    public T OptionsAs<T>()
        where T : OperatorOptions => Options as T ?? throw Fail($"has the options {Options.GetType().Name}, not {typeof(T).Name}");

    /// <summary>The input's shape, which must have that many dimensions.</summary>
    public Shape Shape(int input, int rank)
    {
        Shape shape = Shape(input);
        return !shape.HasRank || shape.Rank == rank ? shape : throw Fail($"wants {rank} dimensions in input {input}, which has the shape {shape}");
    }

    /// <summary>The values of an input that must be known before the run.</summary>
    public int[]? KnownValues(int input)
    {
        Dimension[]? values = Values(input);
        return values is not null && Array.TrueForAll(values, value => value.IsKnown) ? [.. values.Select(value => value.Value)] : null;
    }

    /// <summary>An axis counted from the front.</summary>
    public int Axis(int axis, int rank)
    {
        int positive = axis < 0 ? axis + rank : axis;
        return (uint)positive < (uint)rank ? positive : throw Fail($"names axis {axis} of a tensor with {rank} dimensions");
    }
}
