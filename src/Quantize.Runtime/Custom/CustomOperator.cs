namespace Quantize.Runtime;

/// <summary>Prepares one use of a custom operator: states the shapes of its outputs and gives what computes them. Called once for each set of input shapes.</summary>
public delegate CustomKernel CustomPreparation(CustomOperatorContext context);

/// <summary>Computes the outputs of a custom operator. Called in each run; a kernel that keeps nothing for itself may run in several sessions at once.</summary>
public delegate void CustomKernel(CustomRun run);

/// <summary>
/// An operator that the runtime does not have, for <see cref="CompileOptions.CustomOperators"/>: its name in the file, and how it is prepared.
/// </summary>
/// <param name="Name">The custom code in the file.</param>
/// <param name="Prepare">Called for each operator of that name when a plan is made.</param>
public sealed record CustomOperator(string Name, CustomPreparation Prepare);
