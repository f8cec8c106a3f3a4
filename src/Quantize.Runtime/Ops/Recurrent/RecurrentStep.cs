using Quantize.Runtime.Planning;

namespace Quantize.Runtime.Ops.Recurrent;

/// <summary>The layers of one operator: one, or one for each direction.</summary>
internal sealed class RecurrentStep(PrepareContext context, string name, params RecurrentLayer[] layers) : Step
{
    public override string Kernel { get; } = $"{context.Kernels.Name} {name} {layers[0].Arithmetic}";

    public override void Run(in RunContext context)
    {
        foreach (RecurrentLayer layer in layers)
            layer.Run(context);
    }
}
