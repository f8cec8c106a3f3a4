using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Shapes;

namespace Quantize.Converter.Graphs;

/// <summary>One tensor of a <see cref="Graph"/>: an input of the graph, a constant, or the output of one node.</summary>
internal sealed class Value(string name, TensorType type, Shape shape)
{
    /// <summary>Integer constants of at most this many elements take part in shape arithmetic.</summary>
    private const int MostShapeElements = 64;

    private readonly List<Node> _consumers = [];
    private Lazy<ReadOnlyMemory<byte>>? _data;
    private Dimension[]? _elements;
    private Dictionary<string, Value>? _forms;

    public string Name { get; set; } = name;

    public TensorType Type { get; set; } = type;

    public Shape Shape { get; set; } = shape;

    public QuantizationParameters? Quantization { get; set; }

    /// <summary>What quantization-aware training tells about the floats of a constant.</summary>
    public Grid? Grid { get; set; }

    /// <summary>It is an argument for which the caller will have a constant.</summary>
    public bool WillBeConstant { get; init; }

    /// <summary>The node whose output this is; null for graph inputs and constants.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>The nodes that read this value; one that reads it twice stands here twice.</summary>
    public IReadOnlyList<Node> Consumers => _consumers;

    public bool IsConstant => _data is not null;

    /// <summary>State that its nodes change in place and that survives a call; neither constant nor computed by a node.</summary>
    public bool IsVariable { get; init; }

    /// <summary>A variable that is zeros again whenever the model is called.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>The constant's little-endian elements, fetched when first asked for.</summary>
    public ReadOnlyMemory<byte> Data => _data!.Value;

    /// <summary>The integer elements where they are known before a run: numbers, or symbols of the graph's open dimensions. Null where they are not.</summary>
    public Dimension[]? Elements
    {
        get => _elements ??= IsConstant ? ConstantElements() : null;
        set => _elements = value;
    }

    public static Value Constant(string name, TensorType type, int[] shape, ReadOnlyMemory<byte> data) => Constant(name, type, shape, () => data);

    public static Value Constant(string name, TensorType type, int[] shape, Func<ReadOnlyMemory<byte>> data) =>
        new(name, type, Shape.Of(shape.AsSpan())) { _data = new Lazy<ReadOnlyMemory<byte>>(data) };

    /// <summary>Another form of this constant (its dimensions in another order, say), made once and shared by all that ask for it.</summary>
    public Value Form(string description, Func<Value> make)
    {
        _forms ??= new(StringComparer.Ordinal);
        return _forms.TryGetValue(description, out Value? form) ? form : _forms[description] = make();
    }

    public override string ToString() => $"{Name}: {Type}{Shape}";

    internal void AddConsumer(Node node) => _consumers.Add(node);

    internal void RemoveConsumer(Node node) => _consumers.Remove(node);

    private Dimension[]? ConstantElements()
    {
        bool isShapeLike = Type is TensorType.Int32 or TensorType.Int64 && Shape.ElementCount.Value <= MostShapeElements;
        if (!isShapeLike)
            return null;
        long[] numbers = ConstantData.Integers(this);
        bool fit = Array.TrueForAll(numbers, number => number is >= int.MinValue and <= int.MaxValue);
        return fit ? [.. numbers.Select(number => (Dimension)(int)number)] : null;
    }
}
