namespace Quantize.Converter.TensorFlow;

/// <summary>The messages on the way from a file's root to the bytes of a tensor.</summary>
internal enum MessagePart
{
    Other,
    SavedModel,
    MetaGraph,
    Graph,
    Library,
    Function,
    Node,
    Attribute,
    AttributeValue,
    Tensor,
    TensorContent,
}
