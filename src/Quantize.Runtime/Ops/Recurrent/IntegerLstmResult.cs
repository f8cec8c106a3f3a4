using Quantize.Runtime.Kernels;
using Quantize.Runtime.Ops.Integer;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// The result of a step of an integer LSTM, as codes of its state and of its output. Where the two have different scales, each gets its own codes (Google's kernels copy those of one to
/// the other).
/// </summary>
internal sealed class IntegerLstmResult
{
    private readonly CodeTarget _state;
    private readonly CodeTarget _output;
    private readonly bool _isShared;

    /// <summary>From integers of the scale <paramref name="scale"/>; a clip of 0 is none.</summary>
    public IntegerLstmResult(PrepareContext context, double scale, TensorScale state, TensorSlot output, float clip)
    {
        if (output.Type != TensorType.Int8)
            throw context.Fail($"gives {output.Type}, for which there is no kernel");
        TensorScale to = TensorScale.Of(output, context);
        _state = CodeTarget.Of(scale, state, clip);
        _output = CodeTarget.Of(scale, to, clip);
        _isShared = state == to;
    }

    public void Run(ReadOnlySpan<int> values, Span<sbyte> state, Span<sbyte> output)
    {
        _state.Run(values, state);
        if (_isShared)
            state.CopyTo(output);
        else
            _output.Run(values, output);
    }
}
