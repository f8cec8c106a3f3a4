using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Planning;

/// <summary>What an operator sees when it is prepared: shapes in numbers, constants, the kernels of this machine. Everything that can branch is decided here.</summary>
internal sealed class PrepareContext(
    TfLiteModel? model, KernelSet kernels, Arithmetic arithmetic, PackedWeights packed, string operatorName, OperatorOptions options, TensorSlot?[] inputs, TensorSlot[] outputs,
    StateLayout? state = null, int threads = 1, QuantizationParameters?[]? intermediates = null)
{
    private readonly List<TensorSlot> _scratch = [];

    public KernelSet Kernels { get; } = kernels;

    public Arithmetic Arithmetic { get; } = arithmetic;

    /// <summary>Threads that may compute the step.</summary>
    public int Threads { get; } = threads;

    /// <summary>
    /// The file does not say how 8-bit weights meet floats, so it was made for Google's kernels: these quantize activations even where that does not pay, and so must we to give
    /// their results.
    /// </summary>
    public bool FollowsGoogle => model is not null && !model.Metadata.ContainsKey(CompiledModel.ArithmeticMetadata);

    /// <summary>What it does for its neighbours beside its own work.</summary>
    public FusedWork Fused { get; private init; } = FusedWork.None;

    public TensorSlot?[] Inputs => inputs;

    public TensorSlot[] Outputs => outputs;

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    /// <summary>Memory asked for by <see cref="Scratch(int)"/>: alive during this step only.</summary>
    public IReadOnlyList<TensorSlot> ScratchSlots => _scratch;

    public OperatorOptions Options => options;

    /// <summary>A tensor whose elements the operator must know before it runs, and which no one knows yet.</summary>
    public TensorSlot? Unknown { get; private set; }

    /// <summary>The variables and tables of the model.</summary>
    public StateLayout State => state ?? throw Fail("needs the state of a whole model");

    /// <summary>The shape rule's view of the same operator.</summary>
    public PlanShapeContext Shapes => new(model, operatorName, options, inputs, [.. outputs.Select(output => output.Type)]);

    /// <summary>The same operator with work of its neighbours, and the tensors of this work.</summary>
    public PrepareContext With(FusedWork work, TensorSlot?[] operands, TensorSlot[] results) =>
        new(model, Kernels, Arithmetic, packed, operatorName, options, operands, results, state, Threads) { Fused = work };

    public T OptionsAs<T>()
        where T : OperatorOptions => options as T ?? throw Fail($"has the options {options.GetType().Name}, not {typeof(T).Name}");

    public TensorSlot Input(int index) => OptionalInput(index) ?? throw Fail($"has no input {index}");

    public TensorSlot? OptionalInput(int index) => index < inputs.Length ? inputs[index] : null;

    public TensorSlot Output(int index) => outputs[index];

    /// <summary>The scale that the file gives a value inside the operator; null where it gives none.</summary>
    public QuantizationParameters? Intermediate(int index) => index < intermediates?.Length ? intermediates[index] : null;

    /// <summary>The elements of an input that must be known before the run.</summary>
    public ReadOnlySpan<T> Constant<T>(TensorSlot slot)
        where T : unmanaged
    {
        RequireKnown(slot);
        ReadOnlySpan<byte> bytes = slot.Constant is { } tensor ? model!.Data(tensor) : slot.Known;
        if (bytes.Length < slot.ByteLength)
            throw Fail($"wants '{slot.Name}' as {slot.ByteLength} bytes, but the file stores {bytes.Length}");
        return MemoryMarshal.Cast<byte, T>(bytes[..slot.ByteLength]);
    }

    /// <summary>The elements of a constant int32 or int64 tensor.</summary>
    public long[] Integers(TensorSlot slot) => slot.Type switch
    {
        TensorType.Int64 => Constant<long>(slot)[..slot.ElementCount].ToArray(),
        TensorType.Int32 => [.. Constant<int>(slot)[..slot.ElementCount].ToArray().Select(value => (long)value)],
        _ => throw Fail($"wants '{slot.Name}' as integers, but it is {slot.Type}"),
    };

    /// <summary>An axis given as a constant tensor, counted from the front.</summary>
    public int AxisConstant(int input, int rank)
    {
        int axis = (int)Integers(Input(input))[0];
        int positive = axis < 0 ? axis + rank : axis;
        return (uint)positive < (uint)rank ? positive : throw Fail($"names axis {axis} of a tensor with {rank} dimensions");
    }

    /// <summary>Whole bytes of one element.</summary>
    public int ElementBytes(TensorSlot slot) =>
        slot.Type.Bits() is 8 or 16 or 32 or 64 ? slot.Type.Bits() / 8 : throw Fail($"moves elements of type {slot.Type}, for which there is no kernel");

    /// <summary>Memory for this step alone.</summary>
    public TensorSlot Scratch(int bytes) => Scratch("scratch", TensorType.UInt8, [bytes]);

    /// <summary>A tensor for this step alone.</summary>
    public TensorSlot Scratch(string name, TensorType type, int[] shape)
    {
        var slot = new TensorSlot(name, type, shape);
        _scratch.Add(slot);
        return slot;
    }

    /// <summary>A step of the operator for other tensors in place of its own; its scratch memory becomes that of this step.</summary>
    public Step PrepareLike(OperatorDefinition definition, TensorSlot?[] otherInputs, TensorSlot[] otherOutputs)
    {
        var context = new PrepareContext(model, Kernels, Arithmetic, packed, operatorName, options, otherInputs, otherOutputs, state);
        try
        {
            return definition.Prepare(context);
        }
        finally
        {
            _scratch.AddRange(context._scratch);
            Unknown = context.Unknown;
        }
    }

    /// <summary>
    /// Weights in the layout a kernel wants, made once and shared by all plans and sessions; constants of the file are kept under <paramref name="layout"/>.
    /// </summary>
    public Lazy<T> Packed<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(TensorSlot weights, string layout, Func<T> pack)
        where T : class
    {
        RequireKnown(weights);
        return weights.Constant is { } tensor ? packed.Get(tensor, layout, pack) : new Lazy<T>(pack);
    }

    public Exception Fail(string fact) => new ModelFormatException($"operator {operatorName} {fact}");

    /// <summary>What only a run knows is noted: the planner then goes on from here when it has run.</summary>
    private void RequireKnown(TensorSlot slot)
    {
        if (slot.IsKnown)
            return;
        Unknown = slot;
        throw Fail($"wants '{slot.Name}' to be a constant");
    }
}
