using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Quantize.Runtime.Kernels;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Simd;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>
/// The constant weights [units, depth] of a cell's gates, packed as one matrix, so that one product gives the sums of all gates; with or without a bias for each gate. 8-bit weights
/// have no zero point; uint8 is what old files call the same signed bytes.
/// </summary>
internal sealed class GateWeights
{
    private readonly PrepareContext _context;
    private readonly TensorSlot[] _gates;
    private readonly TensorSlot[] _biases;

    public GateWeights(PrepareContext context, TensorSlot[] gates, TensorSlot[] biases, int units, int depth)
    {
        (_context, _gates, _biases) = (context, gates, biases);
        Units = units;
        Depth = depth;
        IsHybrid = gates[0].Type is TensorType.Int8 or TensorType.UInt8;
        foreach (TensorSlot gate in gates)
            Check(gate, gates[0].Type, units, depth);
        foreach (TensorSlot bias in biases)
            RecurrentTensors.CheckVector(context, bias, units);
    }

    public int Units { get; }

    public int Depth { get; }

    /// <summary>Sums of one row.</summary>
    public int Outputs => checked(_gates.Length * Units);

    public bool IsHybrid { get; }

    public Lazy<PackedFloatWeights> Pack(FloatGemm gemm) => Packed("float", () => gemm.Pack(IsHybrid ? Expanded() : Joined<float>(_gates), Joined<float>(_biases), Outputs, Depth));

    public Lazy<PackedHybridWeights> Pack(HybridGemm gemm) => Packed($"{gemm.Form}", () => gemm.Pack(Joined<sbyte>(_gates), Scales(), Joined<float>(_biases), Outputs, 1, Depth));

    private Lazy<T> Packed<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(string form, Func<T> pack)
        where T : class
    {
        bool areOfTheFile = Array.TrueForAll([.. _gates, .. _biases], tensor => tensor.Constant is not null);
        return areOfTheFile ? _context.Packed(_gates[0], $"{_context.Kernels.Name} gates {form} {Indices(_gates)} bias {Indices(_biases)}", pack) : new Lazy<T>(pack);
    }

    private void Check(TensorSlot gate, TensorType type, int units, int depth)
    {
        if (gate.Type != type || (!IsHybrid && type != TensorType.Float32))
            throw _context.Fail($"has weights '{gate.Name}' of type {gate.Type} beside {type}, for which there is no kernel");
        if (gate.Shape is not [int rows, int columns] || rows != units || columns != depth)
            throw _context.Fail($"wants weights '{gate.Name}' of the shape [{units},{depth}], but they are [{string.Join(',', gate.Shape)}]");
        _context.Constant<byte>(gate);
        if (IsHybrid)
            RecurrentTensors.Scales(_context, gate);
    }

    private T[] Joined<T>(TensorSlot[] tensors)
        where T : unmanaged
    {
        var joined = new T[tensors.Sum(tensor => tensor.ElementCount)];
        int at = 0;
        foreach (TensorSlot tensor in tensors)
        {
            MemoryMarshal.Cast<byte, T>(_context.Constant<byte>(tensor)).CopyTo(joined.AsSpan(at));
            at += tensor.ElementCount;
        }

        return joined;
    }

    private float[] Expanded()
    {
        sbyte[] codes = Joined<sbyte>(_gates);
        float[] scales = Scales();
        return [.. codes.Select((code, i) => code * scales[i / Depth])];
    }

    /// <summary>One for each output.</summary>
    private float[] Scales() => [.. _gates.Select(gate => RecurrentTensors.Scales(_context, gate)).SelectMany(scales => scales.Length == Units ? scales : Enumerable.Repeat(scales[0], Units))];

    private static string Indices(TensorSlot[] tensors) => string.Join(',', tensors.Select(tensor => tensor.Index));
}
