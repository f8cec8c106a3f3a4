using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// What a sequence adds to the gates: weights are the same for all steps, so the sums of many steps are one product. As many steps at a time as fill the tiles while their sums stay in
/// the cache.
/// </summary>
internal sealed class SequenceInput
{
    private const int RowsAtATime = 4 * Tiling.Rows;

    private readonly SequenceLayout _layout;
    private readonly Term[] _terms;
    private readonly TensorSlot _sums;
    private readonly TensorSlot? _more;
    private readonly Elementwise _elementwise;

    /// <summary>Terms: tensors of the same layout, each with its weights; the first ones may have a bias.</summary>
    public SequenceInput(PrepareContext context, SequenceLayout layout, bool asymmetric, params ReadOnlySpan<(TensorSlot Sequence, GateWeights Weights)> terms)
    {
        _layout = layout;
        _elementwise = context.Kernels.Elementwise;
        RowLength = terms[0].Weights.Outputs;
        int chunks = Math.Max(1, (int)((long)layout.Steps * layout.Batch / RowsAtATime));
        ChunkSteps = Math.Max(1, (layout.Steps + chunks - 1) / chunks);
        _terms = new Term[terms.Length];
        for (int i = 0; i < terms.Length; i++)
            _terms[i] = new Term(context, layout, ChunkSteps, terms[i].Sequence, terms[i].Weights, asymmetric);
        int bytes = checked(ChunkSteps * layout.Batch * RowLength * sizeof(float));
        _sums = context.Scratch(bytes);
        _more = terms.Length > 1 ? context.Scratch(bytes) : null;
    }

    public int Steps => _layout.Steps;

    public int Batch => _layout.Batch;

    /// <summary>Steps of which the sums are in memory at a time.</summary>
    public int ChunkSteps { get; }

    /// <summary>Sums of one row.</summary>
    public int RowLength { get; }

    public string Arithmetic => _terms[0].Product.Arithmetic;

    /// <summary>The sums of so many steps [steps, batch, sums of a row]: memory that the caller may change.</summary>
    public Span<float> Sums(in RunContext context, int firstStep, int steps)
    {
        int length = steps * _layout.Batch * RowLength;
        Span<float> sums = context.Write<float>(_sums)[..length];
        _terms[0].Run(context, firstStep, steps, sums);
        for (int i = 1; i < _terms.Length; i++)
        {
            Span<float> more = context.Write<float>(_more!)[..length];
            _terms[i].Run(context, firstStep, steps, more);
            _elementwise.Binary(BinaryFunction.Add, sums, more, sums, float.NegativeInfinity, float.PositiveInfinity);
        }

        return sums;
    }

    private sealed class Term(PrepareContext context, SequenceLayout layout, int chunkSteps, TensorSlot sequence, GateWeights weights, bool asymmetric)
    {
        private readonly ProductRows _chunk = ProductRows.OfSteps(layout, chunkSteps, weights.Depth);
        private readonly ProductRows _last = ProductRows.OfSteps(layout, layout.Steps % chunkSteps, weights.Depth);
        private readonly int _stepStride = layout.StepStride * weights.Depth;

        public RecurrentProduct Product { get; } = RecurrentProduct.Prepare(context, weights, sequence, chunkSteps * layout.Batch, asymmetric);

        public void Run(in RunContext context, int firstStep, int steps, Span<float> sums) =>
            Product.Run(context, context.Read<float>(sequence)[(firstStep * _stepStride)..], steps == chunkSteps ? _chunk : _last, sums);
    }
}
