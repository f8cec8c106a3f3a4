using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Tests;

namespace Quantize.Runtime.Tests.Typed;

/// <summary>
/// One run's outputs beside the recorded ones. To the bit where nothing is rounded; within one quantization step or the gap of Google's two kernel sets where integers
/// stand for reals; floats within 1e-5 of the largest output.
/// </summary>
internal static class TypedComparison
{
    private const double FloatTolerance = 1e-5;

    /// <summary>Operators that move codes and never change them.</summary>
    private static readonly HashSet<BuiltinOperator> s_moves =
    [
        BuiltinOperator.Reshape, BuiltinOperator.Squeeze, BuiltinOperator.ExpandDims, BuiltinOperator.Transpose, BuiltinOperator.Gather, BuiltinOperator.GatherNd, BuiltinOperator.Slice,
        BuiltinOperator.StridedSlice, BuiltinOperator.Split, BuiltinOperator.SplitV, BuiltinOperator.Unpack, BuiltinOperator.Pack, BuiltinOperator.Tile, BuiltinOperator.ReverseV2,
        BuiltinOperator.ReverseSequence, BuiltinOperator.SpaceToDepth, BuiltinOperator.DepthToSpace, BuiltinOperator.SpaceToBatchNd, BuiltinOperator.BatchToSpaceNd, BuiltinOperator.TopkV2,
        BuiltinOperator.BroadcastTo, BuiltinOperator.MaxPool2D, BuiltinOperator.Pad, BuiltinOperator.ResizeNearestNeighbor,
    ];

    public static TypedOutcome Of(TypedCase test, CompiledModel model, Session session, Safetensors tensors, string step)
    {
        var agreement = Agreement.Optimized;
        for (int i = 0; i < session.Signature.Outputs.Count; i++)
        {
            string key = step + session.Signature.Outputs[i].Key;
            string wanted = test.Oracle != "out" && tensors.Has($"{test.Oracle}.{key}") ? $"{test.Oracle}.{key}" : $"out.{key}";
            int[] shape = tensors.Shape(wanted);
            if (session.Signature.Outputs[i].Type is TensorType.Complex64 or TensorType.Complex128)
                shape = shape[..^1];
            if (!session.OutputShape(i).SequenceEqual(shape))
                return new TypedOutcome(Agreement.None, $"{key} has the shape [{string.Join(',', session.OutputShape(i).ToArray())}], not [{string.Join(',', shape)}]");
            ReadOnlySpan<byte> ours = session.OutputBytes(i);
            if (ours.SequenceEqual(tensors.Bytes(wanted)))
                continue;
            if (tensors.Has($"ref.{key}") && ours.SequenceEqual(tensors.Bytes($"ref.{key}")))
            {
                agreement = Agreement.Reference;
                continue;
            }

            string reason = Difference(test, session.Signature.Outputs[i], ours, tensors, wanted, Step(model, session, i));
            if (reason.Length > 0)
                return new TypedOutcome(Agreement.None, reason);
            agreement = Agreement.Close;
        }

        return new TypedOutcome(agreement, "");
    }

    private static string Difference(TypedCase test, TensorInfo output, ReadOnlySpan<byte> ours, Safetensors tensors, string wanted, double step)
    {
        if (tensors.Type(wanted) != "F32" || output.Type == TensorType.Float32)
        {
            return output.Type switch
            {
                TensorType.Float32 => Floats(test, MemoryMarshal.Cast<byte, float>(ours), tensors.Get<float>(wanted), wanted, step),
                TensorType.Int8 => Codes<sbyte>(test, output, ours, tensors, wanted, step),
                TensorType.UInt8 => Codes<byte>(test, output, ours, tensors, wanted, step),
                TensorType.Int16 => Codes<short>(test, output, ours, tensors, wanted, step),
                _ => $"{wanted} ({output.Type}) differs",
            };
        }

        // Some files of this kind give their output a scale that the real results exceed: the best a code can say is then the last one.
        (int lowest, int greatest) = output.Type == TensorType.Int16 ? (short.MinValue, short.MaxValue) : output.Type == TensorType.Int8 ? (sbyte.MinValue, sbyte.MaxValue) : (0, 255);
        float[] real = tensors.Get<float>(wanted).ToArray(), codes = new float[real.Length];
        for (int i = 0; i < real.Length; i++)
        {
            real[i] = Math.Clamp(real[i], output.Scale * (lowest - output.ZeroPoint), output.Scale * (greatest - output.ZeroPoint));
            codes[i] = output.Scale * (Code(output.Type, ours, i) - output.ZeroPoint);
        }

        return Floats(test, codes, real, wanted, step);
    }

    private static int Code(TensorType type, ReadOnlySpan<byte> bytes, int at) => type switch
    {
        TensorType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[at],
        TensorType.Int8 => (sbyte)bytes[at],
        _ => bytes[at],
    };

    private static string Floats(TypedCase test, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, string wanted, double step)
    {
        double largest = 0;
        foreach (float value in theirs)
            largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs((double)value)) : largest;
        double relative = test.Oracle != "real" ? FloatTolerance : test.Scheme.Contains("dw2", StringComparison.Ordinal) ? 0.05 : 0.02;
        double allowed = Math.Max(Math.Max(relative * largest, test.Oracle == "real" ? 0 : test.Gap), step * 1.0001);
        double worst = 0;
        int different = 0, at = -1;
        for (int i = 0; i < theirs.Length; i++)
        {
            double difference = ours[i].Equals(theirs[i]) ? 0 : Math.Abs((double)ours[i] - theirs[i]);
            different += difference == 0 ? 0 : 1;
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }

        return worst <= allowed ? "" : string.Create(CultureInfo.InvariantCulture, $"{wanted}: {different} of {theirs.Length} differ, [{at}] is {ours[at]:R}, not {theirs[at]:R} (allowed {allowed:G3})");
    }

    private static string Codes<T>(TypedCase test, TensorInfo output, ReadOnlySpan<byte> bytes, Safetensors tensors, string wanted, double step)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> ours = MemoryMarshal.Cast<byte, T>(bytes), theirs = tensors.Get<T>(wanted);
        double allowed = step == 0 && output.Scale == 0 ? 0 : step == 0 ? test.Gap : Math.Max(1, test.Oracle == "out" ? test.Gap : 1);
        int worst = 0, different = 0, at = -1;
        for (int i = 0; i < theirs.Length; i++)
        {
            int difference = Math.Abs(int.CreateTruncating(ours[i]) - int.CreateTruncating(theirs[i]));
            different += difference == 0 ? 0 : 1;
            if (difference > worst)
                (worst, at) = (difference, i);
        }

        return worst <= allowed ? "" : $"{wanted}: {different} of {theirs.Length} codes differ, [{at}] is {ours[at]}, not {theirs[at]} (allowed {allowed})";
    }

    /// <summary>What one step of the codes behind an output is worth: its scale, or that of what a last DEQUANTIZE reads; 0 where codes are only moved, and for floats.</summary>
    private static double Step(CompiledModel model, Session session, int output)
    {
        EntryPoint entry = Array.Find(model.EntryPoints, entry => ReferenceEquals(entry.Info, session.Signature))!;
        Subgraph graph = model.Model.Subgraphs[entry.Subgraph];
        int tensor = entry.Outputs[output];
        if (Array.TrueForAll(graph.Operators, op => s_moves.Contains(op.Code)))
            return 0;
        if (Array.Find(graph.Operators, op => op.Outputs.Contains(tensor)) is { Code: BuiltinOperator.Dequantize } last)
            tensor = last.Inputs[0];
        return graph.Tensors[tensor].Type is TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 ? graph.Tensors[tensor].Quantization?.Scales[0] ?? 0 : 0;
    }
}
