using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>All that a class depends on besides its signature.</summary>
/// <param name="ClassNames">The classes of all models.</param>
/// <param name="Classes">What the project's source says of them.</param>
/// <param name="Suppliers">The classes that have custom operators.</param>
/// <param name="Facts">What the project references.</param>
/// <param name="Language">The version of C#.</param>
internal sealed record ProjectState(
    EquatableArray<string> ClassNames, EquatableArray<ClassInProject> Classes, EquatableArray<OperatorSupplier> Suppliers, ProjectFacts Facts, LanguageVersion Language)
{
    /// <summary>The class that has the model's custom operators, if it wants one.</summary>
    public OperatorSupplier? Supplier(SignatureFile file) => Suppliers.FirstOrDefault(supplier => supplier.Name == file.Signature?.CustomOperators);
}
