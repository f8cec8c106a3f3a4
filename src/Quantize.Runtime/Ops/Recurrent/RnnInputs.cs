namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Where the operands of one RNN cell stand among its operator's inputs; -1 for what the operator has no place for.</summary>
internal sealed record RnnInputs(int Weights, int AuxiliaryWeights)
{
    public static RnnInputs OnlyDirection { get; } = new(1, -1);

    public static RnnInputs Forwards { get; } = new(1, 10);

    public static RnnInputs Backwards { get; } = new(5, 11);

    public int RecurrentWeights => Weights + 1;

    public int Bias => Weights + 2;

    public int State => Weights + 3;
}
