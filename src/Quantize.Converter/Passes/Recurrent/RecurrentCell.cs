using Quantize.Converter.Graphs;
using Quantize.Runtime.Format;

namespace Quantize.Converter.Passes.Recurrent;

/// <summary>A cell that was found in a loop: the operator that computes it for a whole sequence.</summary>
/// <param name="Output">Which tensor of the loop is its output, and the state that it reads.</param>
/// <param name="Memory">Which one is its other state; -1 where it has none.</param>
/// <param name="Sequence">What it reads.</param>
/// <param name="Code">The builtin.</param>
/// <param name="Options">Its options, for a sequence whose time comes first or not.</param>
/// <param name="Operands">Its operands behind the sequence, from the name of the new node.</param>
internal sealed record RecurrentCell(
    int Output, int Memory, StepSequence Sequence, BuiltinOperator Code, Func<bool, OperatorOptions> Options, Func<string, IReadOnlyList<Value?>> Operands);
