using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Tests.Models;

namespace Quantize.Runtime.Tests.Nnapi;

/// <summary>The end of a detector: the custom operator of TensorFlow Lite, whose classes and count are floats.</summary>
internal static class NnapiDetection
{
    private const int Options = 3;

    public static void PostProcess(NnapiNode node)
    {
        int[] most = node.Output(0).Shape;
        int boxes = node.ResultTensor(1), scores = node.ResultTensor(0);
        int classes = node.Graph.Tensor("classes", TensorType.Float32, most), count = node.Graph.Tensor("count", TensorType.Float32, node.Output(3).Shape);
        node.Graph.CallCustom("TFLite_Detection_PostProcess", [node.Tensor(1), node.Tensor(0), node.Tensor(2)], [boxes, classes, scores, count], OptionBytes(node));
        ToIntegers(node, node.Bool(Options + 10) ? WithBackground(node, classes, most) : classes, 2);
        ToIntegers(node, count, 3);
    }

    /// <summary>Where the background counts as a class, it is the first.</summary>
    private static int WithBackground(NnapiNode node, int classes, int[] most) => node.Graph.Call(
        BuiltinOperator.Add, [classes, node.Graph.Constant(TensorType.Float32, new[] { 1f })], "classes after the background", TensorType.Float32, most, new AddOptions());

    private static byte[] OptionBytes(NnapiNode node) => FlexMap.Write(
        ("detections_per_class", node.Int(Options + 7)),
        ("h_scale", node.Float(Options + 2)),
        ("max_classes_per_detection", node.Int(Options + 6)),
        ("max_detections", node.Int(Options + 5)),
        ("nms_iou_threshold", node.Float(Options + 9)),
        ("nms_score_threshold", node.Float(Options + 8)),
        ("num_classes", node.Input(0).Shape[2] - 1),
        ("use_regular_nms", node.Int(Options + 4)),
        ("w_scale", node.Float(Options + 3)),
        ("x_scale", node.Float(Options + 1)),
        ("y_scale", node.Float(Options)));

    private static void ToIntegers(NnapiNode node, int floats, int output) => node.Graph.Call(
        BuiltinOperator.Cast, [floats], [node.ResultTensor(output)], new CastOptions { InDataType = TensorType.Float32, OutDataType = TensorType.Int32 });
}
