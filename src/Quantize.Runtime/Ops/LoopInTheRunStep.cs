using System.Runtime.CompilerServices;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops;

/// <summary>A loop whose iterations change shapes, or whose subgraphs need values to be planned: each set of shapes that it meets is planned once.</summary>
internal sealed class LoopInTheRunStep(WhileOptions options, TensorSlot[] arguments, TensorSlot[] outputs, bool[] changes, LoopLimit limit) : Step
{
    private readonly Step _condition = new CalleeStep(options.CondSubgraphIndex, arguments, []);
    private readonly TensorSlot[] _state = [.. arguments.Select((argument, i) => changes[i] ? Carried(argument) : argument)];
    private readonly ConditionalWeakTable<Frame, LoopState> _states = [];

    public override string Kernel => "while, planned in the run";

    public override void Run(in RunContext context)
    {
        SubgraphRun condition = context.Frame.Callee(_condition, options.CondSubgraphIndex, _state), body = context.Frame.Callee(this, options.BodySubgraphIndex, _state);
        if (!_states.TryGetValue(context.Frame, out LoopState? state))
            _states.Add(context.Frame, state = new LoopState(_state));
        state.Begin(context, arguments);
        for (int iteration = 0; GoesOn(condition, state); iteration++)
        {
            limit.Check(iteration);
            state.Lend(body);
            body.Run();
            state.Take(body, changes);
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            if (changes[i])
                state.Bytes(i).CopyTo(context.AllocateBytes(outputs[i], state.Bytes(i).Length, state.Shape(i)));
        }
    }

    /// <summary>What an iteration changes is no constant, whatever it begins with.</summary>
    private static TensorSlot Carried(TensorSlot argument) => new(argument.Name, argument.Type, argument.Shape) { Quantization = argument.Quantization };

    private static bool GoesOn(SubgraphRun condition, LoopState state)
    {
        state.Lend(condition);
        condition.Run();
        ReadOnlySpan<byte> goes = condition.Output(0);
        return goes.Length == 1 ? goes[0] != 0 : throw new InvalidOperationException($"the condition of a loop is {goes.Length} bytes, not one truth value");
    }

    /// <summary>The tensors that the loop carries, those that are known left out, and the places for the next ones.</summary>
    private sealed class LoopState(TensorSlot[] slots)
    {
        private readonly RunBuffer?[] _current = [.. slots.Select(slot => slot.IsKnown ? null : new RunBuffer())];
        private readonly RunBuffer?[] _next = [.. slots.Select(slot => slot.IsKnown ? null : new RunBuffer())];

        public ReadOnlySpan<byte> Bytes(int index) => _current[index]!.Bytes;

        public ReadOnlySpan<int> Shape(int index) => _current[index]!.Shape;

        public void Begin(in RunContext context, TensorSlot[] arguments)
        {
            for (int i = 0; i < arguments.Length; i++)
                _current[i]?.Set(context.Read<byte>(arguments[i]), arguments[i].Shape);
        }

        public void Lend(SubgraphRun callee)
        {
            for (int i = 0; i < _current.Length; i++)
            {
                if (_current[i] is { } buffer)
                    callee.Lend(i, buffer);
            }
        }

        /// <summary>An output may be another input, so all are taken before any changes.</summary>
        public void Take(SubgraphRun body, bool[] changes)
        {
            for (int i = 0; i < changes.Length; i++)
            {
                if (changes[i])
                    _next[i]!.Set(body.Output(i), body.OutputShape(i));
            }

            for (int i = 0; i < changes.Length; i++)
            {
                if (changes[i])
                    (_current[i], _next[i]) = (_next[i], _current[i]);
            }
        }
    }
}
