using System.Diagnostics;
using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime;

/// <summary>
/// One signature of a model with memory of its own: write the inputs, <see cref="Run"/>, read the outputs. One run at a time; use a session per thread.
/// Nothing is allocated once each shape has run once.
/// </summary>
public sealed class Session : IDisposable
{
    private const int RememberedPlans = 8;

    private readonly CompiledModel _model;
    private readonly EntryPoint _entry;
    private readonly List<Plan> _plans = [];
    private readonly int[][] _inputShapes;
    private Plan? _plan;
    private AlignedBuffer _arena = AlignedBuffer.Empty;
    private bool _disposed;

    internal Session(CompiledModel model, EntryPoint entry)
    {
        _model = model;
        _entry = entry;
        _inputShapes = [.. entry.Info.Inputs.Select(input => input.Shape.Select(dimension => dimension < 0 ? 1 : dimension).ToArray())];
    }

    /// <summary>The signature this session runs.</summary>
    public SignatureInfo Signature => _entry.Info;

    /// <summary>The steps of a run with the present input shapes.</summary>
    public IReadOnlyList<PlannedOperator> Plan => CurrentPlan().Describe();

    /// <summary>Bytes of the memory that intermediate tensors share.</summary>
    public int ArenaBytes => CurrentPlan().ArenaBytes;

    /// <summary>
    /// Every tensor that a run computes or is given, in the order of the file; all are readable after a run only where the model was loaded with
    /// <see cref="CompileOptions.KeepAllTensors"/>.
    /// </summary>
    public IReadOnlyList<TensorInfo> Tensors =>
        [.. CurrentPlan().Slots.Where(slot => slot is { Offset: >= 0 }).Select(slot => EntryPoint.Describe(slot!.Name, _model.Model.Subgraphs[_entry.Subgraph].Tensors[slot.Index]))];

    /// <summary>Fixes the dimensions of an input that the file leaves open, or all of them where it does not even say how many there are.</summary>
    /// <param name="input">Position of the input in the signature.</param>
    /// <param name="shape">All dimensions, outermost first.</param>
    /// <exception cref="ArgumentException">The shape does not agree with the file's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input at this position.</exception>
    public void Resize(int input, params ReadOnlySpan<int> shape)
    {
        SessionChecks.Position(input, Signature.Inputs, Signature.Key, nameof(input));
        ref int[] current = ref _inputShapes[input];
        if (shape.SequenceEqual(current))
            return;
        SessionChecks.Shape(Signature.Inputs[input], shape);
        if (shape.Length == current.Length)
            shape.CopyTo(current);
        else
            current = shape.ToArray();
        _plan = null;
    }

    /// <summary>The memory of an input, to be filled before each run: elements in row-major order.</summary>
    /// <param name="input">Position of the input in the signature.</param>
    /// <exception cref="ArgumentException">The input's elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input at this position.</exception>
    public Span<T> Input<T>(int input)
        where T : unmanaged
    {
        SessionChecks.Position(input, Signature.Inputs, Signature.Key, nameof(input));
        TensorSlot slot = CurrentPlan().Inputs[input];
        SessionChecks.Type<T>(Signature.Inputs[input], slot);
        return MemoryMarshal.Cast<byte, T>(_arena.Span.Slice(slot.Offset, slot.ByteLength));
    }

    /// <summary>The memory of the input of that key.</summary>
    /// <exception cref="ArgumentException">There is no such input, or its elements are of another type.</exception>
    public Span<T> Input<T>(string key)
        where T : unmanaged => Input<T>(SessionChecks.IndexOf(Signature.Inputs, key, "input"));

    /// <summary>Computes the outputs from the inputs.</summary>
    public void Run()
    {
        Plan plan = CurrentPlan();
        var context = new RunContext(_model.Model, _arena.Span);
        foreach (Step step in plan.Steps)
            step.Run(context);
    }

    /// <summary>An output of the last run, in row-major order. Valid until the next run.</summary>
    /// <param name="output">Position of the output in the signature.</param>
    /// <exception cref="ArgumentException">The output's elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no output at this position.</exception>
    public ReadOnlySpan<T> Output<T>(int output)
        where T : unmanaged
    {
        SessionChecks.Position(output, Signature.Outputs, Signature.Key, nameof(output));
        TensorSlot slot = CurrentPlan().Outputs[output];
        SessionChecks.Type<T>(Signature.Outputs[output], slot);
        return new RunContext(_model.Model, _arena.Span).Read<T>(slot);
    }

    /// <summary>The output of that key.</summary>
    /// <exception cref="ArgumentException">There is no such output, or its elements are of another type.</exception>
    public ReadOnlySpan<T> Output<T>(string key)
        where T : unmanaged => Output<T>(SessionChecks.IndexOf(Signature.Outputs, key, "output"));

    /// <summary>The present dimensions of an input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no input at this position.</exception>
    public ReadOnlySpan<int> InputShape(int input)
    {
        SessionChecks.Position(input, Signature.Inputs, Signature.Key, nameof(input));
        return CurrentPlan().Inputs[input].Shape;
    }

    /// <summary>The dimensions that an output has with the present inputs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no output at this position.</exception>
    public ReadOnlySpan<int> OutputShape(int output)
    {
        SessionChecks.Position(output, Signature.Outputs, Signature.Key, nameof(output));
        return CurrentPlan().Outputs[output].Shape;
    }

    /// <summary>Bytes and shape of any tensor, by its name in the file; see <see cref="Tensors"/>.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, or a run does not compute it.</exception>
    public ReadOnlySpan<byte> ReadTensor(string name, out IReadOnlyList<int> shape)
    {
        TensorSlot slot = Array.Find(CurrentPlan().Slots, slot => slot is { Offset: >= 0 } && slot.Name == name)
            ?? throw new ArgumentException($"a run computes no tensor '{name}'", nameof(name));
        shape = slot.Shape;
        return new RunContext(_model.Model, _arena.Span).Read<byte>(slot);
    }

    /// <summary>The memory of an input whatever its element type.</summary>
    internal Span<byte> InputBytes(int input)
    {
        TensorSlot slot = CurrentPlan().Inputs[input];
        return _arena.Span.Slice(slot.Offset, slot.ByteLength);
    }

    /// <summary>An output of the last run whatever its element type.</summary>
    internal ReadOnlySpan<byte> OutputBytes(int output) => new RunContext(_model.Model, _arena.Span).Read<byte>(CurrentPlan().Outputs[output]);

    /// <summary>Plans, packs weights and runs once on zeros, so that the first real run is as fast as the others.</summary>
    public void Warmup()
    {
        Plan plan = CurrentPlan();
        foreach (TensorSlot input in plan.Inputs)
            _arena.Span.Slice(input.Offset, input.ByteLength).Clear();
        Run();
    }

    /// <summary>Runs once and tells how long each step took.</summary>
    public IReadOnlyList<OperatorProfile> Profile()
    {
        Plan plan = CurrentPlan();
        IReadOnlyList<PlannedOperator> steps = plan.Describe();
        var times = new OperatorProfile[steps.Count];
        var context = new RunContext(_model.Model, _arena.Span);
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            plan.Steps[i].Run(context);
            times[i] = new OperatorProfile(steps[i], Stopwatch.GetElapsedTime(start));
        }

        return times;
    }

    /// <summary>Forgets all state that earlier runs left behind; a model without variables has none.</summary>
    public void Reset() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>Gives the session's memory back.</summary>
    public void Dispose()
    {
        _disposed = true;
        _plan = null;
        _plans.Clear();
        _arena = AlignedBuffer.Empty;
    }

    private Plan CurrentPlan() => _plan ??= FindPlan();

    private Plan FindPlan()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Plan? plan = null;
        foreach (Plan known in _plans)
        {
            if (known.Fits(_inputShapes))
                plan = known;
        }

        if (plan is null)
        {
            plan = _model.PlanFor(_entry, _inputShapes);
            if (_plans.Count == RememberedPlans)
                _plans.RemoveAt(0);
            _plans.Add(plan);
        }

        if (plan.ArenaBytes > _arena.Span.Length)
            _arena = new AlignedBuffer(plan.ArenaBytes);

        return plan;
    }
}
