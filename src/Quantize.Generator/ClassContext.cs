using System.Collections.Generic;

namespace Quantize.Generator;

/// <summary>What a class needs to know of the project it is written for.</summary>
/// <param name="Accessibility"><c>public</c> and a space, or nothing where the project's own part of the class tells it.</param>
/// <param name="IsGlobal">Files outside its namespace may call it by its name alone: no other class of the project has that name.</param>
/// <param name="HasTensors">The project references System.Numerics.Tensors.</param>
/// <param name="Operators">The operators that its runtime has by name.</param>
/// <param name="CustomOperators">The list of the project's own operators, as C#; empty where the model needs none.</param>
internal sealed record ClassContext(string Accessibility, bool IsGlobal, bool HasTensors, IReadOnlyCollection<string> Operators, string CustomOperators);
