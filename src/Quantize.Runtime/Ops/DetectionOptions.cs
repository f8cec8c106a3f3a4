namespace Quantize.Runtime.Ops;

/// <summary>What TFLite_Detection_PostProcess is told.</summary>
internal sealed record DetectionOptions(CustomOperatorContext Context, FlexValue Values)
{
    private const int DefaultDetectionsPerClass = 100;

    public int Classes { get; } = Values["num_classes"].AsInt32();

    public int MostDetections { get; } = Values["max_detections"].AsInt32();

    public int ClassesPerDetection { get; } = Values["max_classes_per_detection"].AsInt32();

    public int MostPerClass { get; } = Values.TryGet("detections_per_class", out FlexValue most) ? most.AsInt32() : DefaultDetectionsPerClass;

    /// <summary>Boxes of different classes may overlap.</summary>
    public bool EveryClassAlone { get; } = Values.TryGet("use_regular_nms", out FlexValue regular) && regular.AsBoolean();

    public float ScoreThreshold { get; } = Values["nms_score_threshold"].AsSingle();

    public float MostOverlap { get; } = Values["nms_iou_threshold"].AsSingle();

    /// <summary>What encodings of the center (y, x) and of the size (height, width) are divided by.</summary>
    public float[] Scales { get; } = [Values["y_scale"].AsSingle(), Values["x_scale"].AsSingle(), Values["h_scale"].AsSingle(), Values["w_scale"].AsSingle()];

    public int Boxes { get; } = Context.InputShape(0) is [1, int boxes, >= 4] ? boxes : throw Context.Fail("wants box encodings of the shape [1, count, 4]");

    /// <summary>The classes that count come last: before them may be the background.</summary>
    public int ScoredClasses { get; } = Context.InputShape(1) is [1, _, int classes] ? classes : throw Context.Fail("wants scores of the shape [1, count, classes]");

    public void Check()
    {
        if (Context.InputCount != 3 || Context.OutputCount != 4)
            throw Context.Fail($"has {Context.InputCount} inputs and {Context.OutputCount} outputs, not 3 and 4");
        if (Context.InputShape(1)[1] != Boxes || Context.InputShape(2) is not [int anchors, 4] || anchors != Boxes)
            throw Context.Fail($"has {Boxes} box encodings, but not as many scores and anchors");
        if (Classes < 1 || ScoredClasses < Classes || ClassesPerDetection < 1 || MostDetections < 1 || MostPerClass < 1)
            throw Context.Fail($"wants {MostDetections} boxes with {ClassesPerDetection} of {Classes} classes each, and has scores for {ScoredClasses}");
    }
}
