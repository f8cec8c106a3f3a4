using System.Runtime.CompilerServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>What the kernel of a custom operator sees in a run: the elements of its tensors, in row-major order.</summary>
public readonly ref struct CustomRun
{
    private readonly RunContext _context;
    private readonly TensorSlot?[] _inputs;
    private readonly TensorSlot[] _outputs;
    private readonly TensorSlot[] _scratch;

    internal CustomRun(RunContext context, TensorSlot?[] inputs, TensorSlot[] outputs, TensorSlot[] scratch)
    {
        _context = context;
        _inputs = inputs;
        _outputs = outputs;
        _scratch = scratch;
    }

    /// <summary>The elements of an input.</summary>
    /// <exception cref="ArgumentException">They have another size.</exception>
    public ReadOnlySpan<T> Input<T>(int input)
        where T : unmanaged => _context.Read<T>(Checked<T>(_inputs[input] ?? throw new ArgumentException($"input {input} is not given", nameof(input))));

    /// <summary>The memory of an output whose shape is stated.</summary>
    /// <exception cref="ArgumentException">Its elements have another size.</exception>
    public Span<T> Output<T>(int output)
        where T : unmanaged => _context.Write<T>(Checked<T>(_outputs[output]));

    /// <summary>Memory for an output whose shape the run decides.</summary>
    /// <exception cref="ArgumentException">Its elements have another size, or its shape was stated before.</exception>
    public Span<T> Allocate<T>(int output, params ReadOnlySpan<int> shape)
        where T : unmanaged => _outputs[output].IsRunSized
            ? _context.Allocate<T>(Checked<T>(_outputs[output]), shape)
            : throw new ArgumentException($"the shape of output {output} was stated before", nameof(output));

    /// <summary>Memory asked for with <see cref="CustomOperatorContext.AddScratch"/>.</summary>
    public Span<T> Scratch<T>(int scratch)
        where T : unmanaged => _context.Write<T>(_scratch[scratch]);

    private static TensorSlot Checked<T>(TensorSlot slot)
        where T : unmanaged => Unsafe.SizeOf<T>() * 8 == slot.Type.Bits() ? slot : throw new ArgumentException($"'{slot.Name}' has elements of type {slot.Type}, not {typeof(T).Name}");
}
