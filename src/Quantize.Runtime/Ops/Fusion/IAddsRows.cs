namespace Quantize.Runtime.Ops.Fusion;

/// <summary>A step that can add another tensor to its rows.</summary>
internal interface IAddsRows;
