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
    private readonly List<PlanBranch> _plans = [];
    private readonly int[][] _inputShapes;
    private readonly int[][] _declaredOutputShapes;
    private readonly SessionState _state;
    private readonly ParallelRun? _parallel;
    private Frame _frame;
    private PlanBranch? _plan;
    private Plan? _last;
    private bool _disposed;

    internal Session(CompiledModel model, EntryPoint entry, SessionState state)
    {
        _model = model;
        _entry = entry;
        _state = state;
        _parallel = ParallelRun.Of(model.Options.Workers, model.Planner.Threads);
        _frame = new Frame(model.Planner, state, _parallel);
        _declaredOutputShapes = [.. entry.Info.Outputs.Select(output => output.Shape.ToArray())];
        _inputShapes = [.. entry.Info.Inputs.Select(input => input.Shape.Select(dimension => dimension < 0 ? 1 : dimension).ToArray())];
    }

    /// <summary>The signature this session runs.</summary>
    public SignatureInfo Signature => _entry.Info;

    /// <summary>
    /// The steps of a run with the present input shapes, those of a loop or a branch behind it. Where shapes depend on values, a run tells what follows: the list ends
    /// there until one was made.
    /// </summary>
    public IReadOnlyList<PlannedOperator> Plan => LastPlan().Operators;

    /// <summary>Bytes of the memory that intermediate tensors share.</summary>
    public int ArenaBytes => CurrentPlan().Plan.ArenaBytes;

    internal KernelSet Kernels => _model.Kernels;

    /// <summary>Bytes alive at the fullest step: <see cref="ArenaBytes"/> cannot be less.</summary>
    internal long LeastArenaBytes => CurrentPlan().Plan.LeastArenaBytes;

    /// <summary>
    /// Every tensor that a run computes or is given, in the order of the file; all are readable after a run only where the model was loaded with
    /// <see cref="CompileOptions.KeepAllTensors"/>.
    /// </summary>
    public IReadOnlyList<TensorInfo> Tensors =>
        [.. LastPlan().Slots.Where(slot => slot is { IsKnown: false }).Select(slot => EntryPoint.Describe(slot!.Name, _model.Model.Subgraphs[_entry.Subgraph].Tensors[slot.Index]))];

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
        _last = null;
    }

    /// <summary>The memory of an input, to be filled before each run: elements in row-major order.</summary>
    /// <param name="input">Position of the input in the signature.</param>
    /// <exception cref="ArgumentException">The input's elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input at this position.</exception>
    public Span<T> Input<T>(int input)
        where T : unmanaged
    {
        SessionChecks.Position(input, Signature.Inputs, Signature.Key, nameof(input));
        Plan plan = CurrentPlan().Plan;
        TensorSlot slot = plan.Inputs[input];
        SessionChecks.Type<T>(Signature.Inputs[input], slot);
        return _frame.Enter(plan).Write<T>(slot);
    }

    /// <summary>The memory of the input of that key.</summary>
    /// <exception cref="ArgumentException">There is no such input, or its elements are of another type.</exception>
    public Span<T> Input<T>(string key)
        where T : unmanaged => Input<T>(SessionChecks.IndexOf(Signature.Inputs, key, "input"));

    /// <summary>Gives an input of strings its elements, in row-major order.</summary>
    /// <param name="input">Position of the input in the signature.</param>
    /// <param name="elements">As many as the input's shape says.</param>
    /// <exception cref="ArgumentException">The input takes no strings, or another number of them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input at this position.</exception>
    public void SetStrings(int input, params ReadOnlySpan<string> elements)
    {
        SessionChecks.Position(input, Signature.Inputs, Signature.Key, nameof(input));
        Plan plan = CurrentPlan().Plan;
        SessionChecks.Strings(Signature.Inputs[input], plan.Inputs[input], elements.Length);
        SessionStrings.Pack(_frame.Enter(plan), plan.Inputs[input], elements);
    }

    /// <summary>The elements of an output of strings of the last run, in row-major order.</summary>
    /// <param name="output">Position of the output in the signature.</param>
    /// <exception cref="ArgumentException">The output has no strings.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no output at this position.</exception>
    public string[] GetStrings(int output)
    {
        SessionChecks.Position(output, Signature.Outputs, Signature.Key, nameof(output));
        TensorSlot slot = OutputSlot(output);
        SessionChecks.Strings(Signature.Outputs[output], slot, slot.ElementCount);
        return SessionStrings.Unpack(_frame.Enter(LastPlan()).Strings(slot));
    }

    /// <summary>Computes the outputs from the inputs.</summary>
    /// <exception cref="InvalidOperationException">A loop does not end, a variable is read before it was assigned, or values do not fit each other.</exception>
    public void Run()
    {
        try
        {
            _state.BeginRun();
            _last = _frame.Run(CurrentPlan());
        }
        finally
        {
            _parallel?.Release();
        }
    }

    /// <summary>An output of the last run, in row-major order. Valid until the next run.</summary>
    /// <param name="output">Position of the output in the signature.</param>
    /// <exception cref="ArgumentException">The output's elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no output at this position.</exception>
    public ReadOnlySpan<T> Output<T>(int output)
        where T : unmanaged
    {
        SessionChecks.Position(output, Signature.Outputs, Signature.Key, nameof(output));
        TensorSlot slot = OutputSlot(output);
        SessionChecks.Type<T>(Signature.Outputs[output], slot);
        return _frame.Enter(LastPlan()).Read<T>(slot);
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
        return _inputShapes[input];
    }

    /// <summary>
    /// The dimensions that an output has with the present inputs. Where they depend on values, those of the last run; before it what the file says, -1 for what only a
    /// run knows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no output at this position.</exception>
    public ReadOnlySpan<int> OutputShape(int output)
    {
        SessionChecks.Position(output, Signature.Outputs, Signature.Key, nameof(output));
        return LastPlan().Outputs[output] is { IsRunSized: false } slot ? slot.Shape : _declaredOutputShapes[output];
    }

    /// <summary>Bytes and shape of any tensor, by its name in the file; see <see cref="Tensors"/>.</summary>
    /// <exception cref="ArgumentException">There is no such tensor, or a run does not compute it.</exception>
    public ReadOnlySpan<byte> ReadTensor(string name, out IReadOnlyList<int> shape)
    {
        TensorSlot slot = Array.Find(LastPlan().Slots, slot => slot is { IsKnown: false } && slot.Name == name)
            ?? throw new ArgumentException($"a run computes no tensor '{name}'", nameof(name));
        shape = slot.Shape;
        return _frame.Enter(LastPlan()).Read<byte>(slot);
    }

    /// <summary>The memory of an input whatever its element type.</summary>
    internal Span<byte> InputBytes(int input)
    {
        Plan plan = CurrentPlan().Plan;
        return _frame.Enter(plan).Write<byte>(plan.Inputs[input]);
    }

    /// <summary>An output of the last run whatever its element type.</summary>
    internal ReadOnlySpan<byte> OutputBytes(int output) => _frame.Enter(LastPlan()).Read<byte>(OutputSlot(output));

    /// <summary>
    /// Plans, packs weights and runs once on zeros, so that the first real run is as fast as the others. State that the run changes stays changed:
    /// <see cref="Reset"/> restores it.
    /// </summary>
    public void Warmup()
    {
        Plan plan = CurrentPlan().Plan;
        for (int i = 0; i < plan.Inputs.Length; i++)
        {
            if (plan.Inputs[i].Type == TensorType.String)
                SetStrings(i, new string[plan.Inputs[i].ElementCount]);
            else
                InputBytes(i).Clear();
        }

        Run();
    }

    /// <summary>Runs once and tells how long each step took; a loop, a branch or a call is one step.</summary>
    public IReadOnlyList<OperatorProfile> Profile()
    {
        List<OperatorProfile> times = [];
        try
        {
            _state.BeginRun();
            _last = _frame.Profile(CurrentPlan(), times);
            return times;
        }
        finally
        {
            _parallel?.Release();
        }
    }

    /// <summary>
    /// Forgets all state that earlier runs left behind, as if none had been made: variables, tables, recurrent state. Sessions that share it with this one forget it too.
    /// </summary>
    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _state.Reset();
    }

    /// <summary>
    /// A session for another signature of the model that shares this one's state: a variable that one writes, the other reads. The two must not run at the same time.
    /// </summary>
    /// <exception cref="ArgumentException">The model has no signature of that key.</exception>
    public Session CreateSession(string signatureKey)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Session(_model, _model.Entry(signatureKey), _state);
    }

    /// <summary>Gives the session's memory back.</summary>
    public void Dispose()
    {
        _disposed = true;
        _plan = null;
        _last = null;
        _plans.Clear();
        _frame = new Frame(_model.Planner, _state, _parallel);
    }

    private PlanBranch CurrentPlan() => _plan ??= FindPlan();

    /// <summary>The part of the plan that ran last; before a run the first.</summary>
    private Plan LastPlan() => _last ?? CurrentPlan().Plan;

    private TensorSlot OutputSlot(int output) => LastPlan().Outputs[output] is { IsRunSized: false } slot
        ? slot
        : throw new InvalidOperationException($"output '{Signature.Outputs[output].Key}' has a shape that only a run can tell: call Run first");

    private PlanBranch FindPlan()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PlanBranch? plan = null;
        foreach (PlanBranch known in _plans)
        {
            if (known.Plan.Fits(_inputShapes))
                plan = known;
        }

        if (plan is null)
        {
            plan = new PlanBranch(_model.Planner.Plan(_entry, _inputShapes));
            if (_plans.Count == RememberedPlans)
                _plans.RemoveAt(0);
            _plans.Add(plan);
        }

        return plan;
    }
}
