using Quantize.Converter.Graphs;
using Quantize.Runtime;
using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;

namespace Quantize.Converter.Ops;

/// <summary>CombinedNonMaxSuppression: each picture's boxes are suppressed class by class, then the best of all classes are taken.</summary>
internal readonly struct CombinedSuppression
{
    private const int MostSuppressions = 512;

    private readonly ImportContext _context;
    private readonly Formula _formula;
    private readonly Arrangement _arrangement;
    private readonly int _classes;
    private readonly int _perClass;
    private readonly int _total;

    private CombinedSuppression(ImportContext context)
    {
        (_context, _formula, _arrangement) = (context, new Formula(context), new Arrangement(context));
        _classes = context.Input(1).Shape[2].Value;
        _perClass = Math.Min(context.Integer(2), context.Input(0).Shape[1].Value);
        _total = context.Node.Attribute("pad_per_class", false) ? Math.Min(context.Integer(3), checked(context.Integer(2) * _classes)) : context.Integer(3);
    }

    public static Value[] Import(ImportContext context)
    {
        if (!context.OfRank(0, 4).Shape.IsStatic || !context.OfRank(1, 3).Shape.IsStatic)
            throw context.Refuse($"its boxes have the shape {context.Input(0).Shape}; set {{Batch}}, and export the model with fixed sizes");
        int pictures = context.Input(0).Shape[0].Value, classes = context.Input(1).Shape[2].Value;
        if (pictures * (long)classes is 0 or > MostSuppressions)
            throw context.Refuse($"it suppresses the boxes of {pictures} pictures in {classes} classes, more than {MostSuppressions} times; leave it out of the model");
        var suppression = new CombinedSuppression(context);
        Value[][] results = [.. Enumerable.Range(0, pictures).Select(suppression.Picture)];
        return [.. Enumerable.Range(0, 4).Select(i => context.Emit(BuiltinOperator.Pack, new PackOptions { ValuesCount = pictures }, [.. results.Select(result => result[i])]))];
    }

    /// <summary>Boxes [total, 4], scores and classes [total], and how many there are.</summary>
    private Value[] Picture(int picture)
    {
        Value boxes = Plane(_context.Input(0), picture), scores = Plane(_context.Input(1), picture);
        List<Value> allBoxes = [], allScores = [];
        for (int i = 0; i < _classes; i++)
        {
            Value own = Along(boxes, 1, boxes.Shape[1] == 1 ? 0 : i), score = Along(scores, 1, i);
            Value[] selected = NonMaxSuppression.Select(_context, own, score, _arrangement.Scalar(_perClass), _context.Input(4), _context.Input(5));
            Value counted = _arrangement.Vector("counted", [.. Enumerable.Range(0, _perClass)]);
            Value isThere = _context.Emit(BuiltinOperator.Less, counted, selected[1]);
            allBoxes.Add(_arrangement.Gather(own, selected[0], 0));
            allScores.Add(_formula.Select(isThere, _arrangement.Gather(score, selected[0], 0), _formula.Number(float.MinValue)));
        }

        return Best(_arrangement.Concatenate(0, [.. allBoxes]), _arrangement.Concatenate(0, [.. allScores]));
    }

    private Value[] Best(Value boxes, Value scores)
    {
        int taken = Math.Min(_total, checked(_classes * _perClass));
        Value[] best = _context.EmitMany(BuiltinOperator.TopkV2, new NoOptions(OptionsType.TopKV2Options), 2, scores, _arrangement.Scalar(taken));
        Value isThere = _context.Emit(BuiltinOperator.Greater, best[0], _formula.Number(float.MinValue)), zero = _formula.Number(0);
        Value chosen = _arrangement.Gather(boxes, best[1], 0);
        if (_context.Node.Attribute("clip_boxes", true))
            chosen = _formula.Min(_formula.Max(chosen, zero), _formula.Number(1));
        Value row = _context.Emit(BuiltinOperator.ExpandDims, isThere, ConstantData.Scalar($"{_context.Node.Name}/axis", 1));
        Value classes = _formula.Cast(_context.Emit(BuiltinOperator.FloorDiv, best[1], _formula.Number(TensorType.Int32, _perClass)), TensorType.Float32);
        Value count = _context.Emit(BuiltinOperator.Sum, new ReducerOptions(), _formula.Cast(isThere, TensorType.Int32), _arrangement.Vector("all", 0));
        int missing = _total - taken;
        return
        [
            _arrangement.Pad(_formula.Select(row, chosen, zero), 0, missing, 0, 0),
            _arrangement.Pad(_formula.Select(isThere, best[0], zero), 0, missing),
            _arrangement.Pad(_formula.Select(isThere, classes, zero), 0, missing),
            count,
        ];
    }

    private Value Plane(Value value, int index) => Along(value, 0, index);

    private Value Along(Value value, int axis, int index) => _arrangement.Gather(value, _arrangement.Scalar(index), axis);
}
