using Google.Protobuf;
using Quantize.Converter.TensorFlow.Protos;

namespace Quantize.Converter.TensorFlow;

/// <summary>
/// Checkpoint keys by way of objects: the model's objects and the checkpoint's are two graphs with the same names on their edges; walked side by side from their
/// roots they tell which object's value lies under which key.
/// </summary>
internal static class ObjectGraphKeys
{
    private const string GraphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";
    private const string ValueName = "VARIABLE_VALUE";

    /// <summary>Keys by the identity of the variable.</summary>
    public static Dictionary<string, CheckpointKey> Find(SavedObjectGraph? objects, IReadOnlyDictionary<string, int> objectOfVariable, VariableBundle bundle)
    {
        var keys = new Dictionary<string, CheckpointKey>(StringComparer.Ordinal);
        if (objects is null || objects.Nodes.Count == 0 || bundle.Find(new CheckpointKey(GraphKey, "")) is not { Type: TfDataType.String } stored)
            return keys;
        Dictionary<int, int> saved = Pair(objects, Parse(stored, bundle.File), out TrackableObjectGraph trackable);
        foreach ((string identity, int id) in objectOfVariable)
        {
            if (saved.TryGetValue(id, out int other)
                && trackable.Nodes[other].Attributes.FirstOrDefault(attribute => attribute.Name == ValueName) is { } value)
            {
                keys[identity] = new CheckpointKey(value.CheckpointKey, "");
            }
        }

        return keys;
    }

    private static TrackableObjectGraph Parse(TfTensor stored, string file)
    {
        try
        {
            return ProtobufFile.Parse(stored.Strings.FirstOrDefault([]), TrackableObjectGraph.Parser);
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw ConversionException.Damaged(file, $"its object graph cannot be read ({problem.Message})", problem);
        }
    }

    private static Dictionary<int, int> Pair(SavedObjectGraph objects, TrackableObjectGraph parsed, out TrackableObjectGraph trackable)
    {
        trackable = parsed;
        var pairs = new Dictionary<int, int>();
        if (parsed.Nodes.Count == 0)
            return pairs;
        var open = new Stack<(int Object, int Saved)>([(0, 0)]);
        while (open.TryPop(out (int Object, int Saved) pair))
        {
            if (!pairs.TryAdd(pair.Object, pair.Saved))
                continue;
            foreach (ObjectReference child in objects.Nodes[pair.Object].Children)
            {
                ObjectReference? other = parsed.Nodes[pair.Saved].Children.FirstOrDefault(reference => reference.LocalName == child.LocalName);
                if (other is not null && InRange(child.NodeId, objects.Nodes.Count) && InRange(other.NodeId, parsed.Nodes.Count))
                    open.Push((child.NodeId, other.NodeId));
            }
        }

        return pairs;
    }

    private static bool InRange(int id, int count) => id >= 0 && id < count;
}
