namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>Where the operands of one LSTM cell stand among its operator's inputs: from <paramref name="First"/> on weights and biases, then what lies apart; -1 for what the operator has no place for.</summary>
internal sealed record LstmInputs(int First, int OutputState, int CellState, int Normalization, int Auxiliary)
{
    public const int Gates = 4;

    /// <summary>LSTM and UNIDIRECTIONAL_SEQUENCE_LSTM.</summary>
    public static LstmInputs OnlyDirection { get; } = new(1, 18, 19, 20, -1);

    /// <summary>BIDIRECTIONAL_SEQUENCE_LSTM.</summary>
    public static LstmInputs Forwards { get; } = new(1, 35, 36, -1, 40);

    public static LstmInputs Backwards { get; } = new(18, 37, 38, -1, 44);

    public int Projection => First + 15;

    public int ProjectionBias => First + 16;

    public int InputWeights(LstmGate gate) => First + (int)gate;

    public int RecurrentWeights(LstmGate gate) => First + Gates + (int)gate;

    /// <summary>The candidate has none.</summary>
    public int Peephole(LstmGate gate) => gate switch
    {
        LstmGate.Input => First + 8,
        LstmGate.Forget => First + 9,
        LstmGate.Output => First + 10,
        _ => -1,
    };

    public int Bias(LstmGate gate) => First + 11 + (int)gate;

    public int NormalizationScale(LstmGate gate) => Normalization < 0 ? -1 : Normalization + (int)gate;

    public int AuxiliaryWeights(LstmGate gate) => Auxiliary < 0 ? -1 : Auxiliary + (int)gate;
}

/// <summary>The gates of an LSTM in the order of its operands. Without weights of its own the input gate is coupled to the forget gate.</summary>
internal enum LstmGate
{
    Input,
    Forget,
    Candidate,
    Output,
}
