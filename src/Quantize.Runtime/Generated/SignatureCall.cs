using System.ComponentModel;
using System.Globalization;

namespace Quantize.Runtime.Generated;

/// <summary>
/// One signature as a generated class calls it: resize every input, fill every input, run, take the outputs. Checks the caller's lengths and names the tensor
/// where one is wrong. Not meant to be called by hand.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SignatureCall : IDisposable
{
    private readonly Session _session;

    /// <summary>Opens a session of its own, and checks that the model has the tensors that the class was made for, in that order.</summary>
    public SignatureCall(CompiledModel model, string key, string[] inputs, string[] outputs)
        : this(Checked(model).CreateSession(key), key, inputs, outputs)
    {
    }

    /// <summary>The same for another signature, over the state of a first one: what one call writes into a variable, the other reads.</summary>
    public SignatureCall(SignatureCall first, string key, string[] inputs, string[] outputs)
        : this(Checked(first)._session.CreateSession(key), key, inputs, outputs)
    {
    }

    private SignatureCall(Session session, string key, string[] inputs, string[] outputs)
    {
        _session = session;
        SignatureInfo signature = _session.Signature;
        if (!signature.Inputs.Select(input => input.Key).SequenceEqual(inputs) || !signature.Outputs.Select(output => output.Key).SequenceEqual(outputs))
            throw new InvalidOperationException($"the model's signature '{key}' is not the one that the class was made for; rebuild the project");
    }

    /// <summary>How many items those elements are.</summary>
    /// <param name="input">Position of the input.</param>
    /// <param name="length">Elements the caller gave.</param>
    /// <param name="itemShape">Dimensions of one item.</param>
    /// <exception cref="ArgumentException">They are not a whole number of items.</exception>
    public int Items(int input, int length, ReadOnlySpan<int> itemShape)
    {
        long itemLength = Product(itemShape);
        if (itemLength <= 0 || length % itemLength != 0)
            throw WrongLength(input, $"takes a multiple of {Elements(itemLength)}{InBrackets(itemShape)}", length);
        return (int)(length / itemLength);
    }

    /// <summary>Fixes the dimensions of an input.</summary>
    /// <param name="input">Position of the input.</param>
    /// <param name="length">Elements the caller gave.</param>
    /// <param name="shape">Dimensions of the whole input.</param>
    /// <exception cref="ArgumentException">The elements are not as many as the dimensions say.</exception>
    public void Resize(int input, int length, ReadOnlySpan<int> shape)
    {
        if (Product(shape) != length)
            throw WrongLength(input, $"takes {Elements(Product(shape))}{InBrackets(WithoutSingleBatch(input, shape))}", length);
        _session.Resize(input, shape);
    }

    /// <summary>Fixes the dimensions of an input that has as many items as another.</summary>
    /// <param name="input">Position of the input.</param>
    /// <param name="length">Elements the caller gave.</param>
    /// <param name="shape">Dimensions of the whole input, the number of items first.</param>
    /// <param name="counted">Position of the input whose length told the number of items.</param>
    /// <exception cref="ArgumentException">The elements are not as many as the dimensions say.</exception>
    public void ResizeLike(int input, int length, ReadOnlySpan<int> shape, int counted)
    {
        if (Product(shape) != length)
        {
            string items = shape[0] == 1 ? "1 item" : $"{shape[0].ToString(CultureInfo.InvariantCulture)} items";
            string why = $", as input '{_session.Signature.Inputs[counted].Key}' has {items}";
            throw WrongLength(input, $"takes {Elements(Product(shape))}{InBrackets(shape)}{why}", length);
        }

        _session.Resize(input, shape);
    }

    /// <summary>Copies the caller's elements into an input; every input must have its dimensions by now.</summary>
    public void Fill<T>(int input, ReadOnlySpan<T> elements)
        where T : unmanaged => elements.CopyTo(_session.Input<T>(input));

    /// <summary>Fills a quantized input with the codes nearest to these numbers, by its own scale and zero point.</summary>
    public void Quantize(int input, ReadOnlySpan<float> elements) => RealNumbers.Write(_session, input, elements);

    /// <summary>Computes the outputs.</summary>
    public void Run() => _session.Run();

    /// <summary>The only element of an output.</summary>
    public T Scalar<T>(int output)
        where T : unmanaged
    {
        ReadOnlySpan<T> elements = _session.Output<T>(output);
        return elements.Length == 1 ? elements[0] : throw NotPerItem(output, 1);
    }

    /// <summary>A copy of an output.</summary>
    public T[] Array<T>(int output)
        where T : unmanaged => _session.Output<T>(output).ToArray();

    /// <summary>A copy of an output that has as many items as the inputs.</summary>
    /// <exception cref="InvalidOperationException">It has another number of items.</exception>
    public T[] Array<T>(int output, int items)
        where T : unmanaged => _session.OutputShape(output)[0] == items ? Array<T>(output) : throw NotPerItem(output, items);

    /// <summary>The number that the only element of a quantized output stands for.</summary>
    public float RealScalar(int output) => RealArray(output) is [float value] ? value : throw NotPerItem(output, 1);

    /// <summary>The numbers that a quantized output stands for.</summary>
    public float[] RealArray(int output) => RealNumbers.Read(_session, output);

    /// <summary>The numbers of a quantized output that has as many items as the inputs.</summary>
    /// <exception cref="InvalidOperationException">It has another number of items.</exception>
    public float[] RealArray(int output, int items) => _session.OutputShape(output)[0] == items ? RealArray(output) : throw NotPerItem(output, items);

    /// <summary>Dimensions of an output after a run, without the first ones.</summary>
    public int[] Shape(int output, int without) => _session.OutputShape(output)[without..].ToArray();

    /// <summary>Checks the caller's memory for an output, after a run.</summary>
    /// <exception cref="ArgumentException">The output does not fit.</exception>
    public void Require(int output, int length)
    {
        long needed = Product(_session.OutputShape(output));
        if (length >= needed)
            return;
        string shape = InBrackets(_session.OutputShape(output));
        throw new ArgumentException($"output '{_session.Signature.Outputs[output].Key}' needs {Elements(needed)}{shape}, but {Were(length)} given");
    }

    /// <summary>Copies an output into the caller's memory, and tells how many elements it has.</summary>
    public int CopyTo<T>(int output, Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<T> elements = _session.Output<T>(output);
        elements.CopyTo(destination);
        return elements.Length;
    }

    /// <summary>Writes the numbers that a quantized output stands for into the caller's memory, and tells how many there are.</summary>
    public int CopyRealTo(int output, Span<float> destination) => RealNumbers.Read(_session, output, destination);

    /// <summary>Forgets the state that earlier runs left behind.</summary>
    public void Reset() => _session.Reset();

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static T Checked<T>(T value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }

    private ArgumentException WrongLength(int input, string takes, int length) =>
        new($"input '{_session.Signature.Inputs[input].Key}' {takes}, but {Were(length)} given");

    private InvalidOperationException NotPerItem(int output, int items) => new(
        $"output '{_session.Signature.Outputs[output].Key}' has the shape ({Text(_session.OutputShape(output))}), not one entry for each of the {items} items");

    /// <summary>One item has the dimensions of the item.</summary>
    private ReadOnlySpan<int> WithoutSingleBatch(int input, ReadOnlySpan<int> shape) =>
        shape.Length > 0 && shape[0] == 1 && _session.Signature.Inputs[input].Shape[0] < 0 ? shape[1..] : shape;

    /// <summary>-1 where it is no number of elements.</summary>
    private static long Product(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int dimension in shape)
        {
            product = dimension < 0 ? -1 : product * dimension;
            if (product is < 0 or > int.MaxValue)
                return -1;
        }

        return product;
    }

    private static string Elements(long count) => count switch
    {
        < 0 => "a number of elements that no memory has",
        1 => "1 element",
        _ => $"{count.ToString(CultureInfo.InvariantCulture)} elements",
    };

    private static string Were(int length) => length == 1 ? "1 was" : $"{length.ToString(CultureInfo.InvariantCulture)} were";

    private static string InBrackets(ReadOnlySpan<int> shape) => shape.Length == 0 ? "" : $" ({Text(shape)})";

    private static string Text(ReadOnlySpan<int> shape) =>
        string.Join(" x ", shape.ToArray().Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)));
}
