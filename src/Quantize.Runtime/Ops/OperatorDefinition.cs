using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// The meaning of one operator, written down once: its shape rule, and how a step that computes it is prepared. Options are created by
/// <see cref="OperatorOptionsTable"/>.
/// </summary>
internal sealed record OperatorDefinition(BuiltinOperator Code, Action<ShapeContext> InferShapes, Func<PrepareContext, Step> Prepare);
