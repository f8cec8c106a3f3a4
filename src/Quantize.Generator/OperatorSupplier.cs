using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Quantize.Build;

namespace Quantize.Generator;

/// <summary>A class that has custom operators, as an item's metadata names it.</summary>
/// <param name="Name">The name as it is written there.</param>
/// <param name="Code">The list of operators as C#; empty where something is wrong.</param>
/// <param name="Wrong">What keeps it from being used.</param>
internal sealed record OperatorSupplier(string Name, string Code, string Wrong)
{
    private const string List = "All";

    public static EquatableArray<OperatorSupplier> All(Compilation compilation, IEnumerable<string> names, CancellationToken cancellation)
    {
        List<OperatorSupplier> suppliers = [];
        foreach (string name in names.Where(name => name.Length > 0).Distinct())
        {
            cancellation.ThrowIfCancellationRequested();
            suppliers.Add(Of(compilation, name));
        }

        return new(suppliers);
    }

    private static OperatorSupplier Of(Compilation compilation, string name)
    {
        if (compilation.GetTypeByMetadataName(name) is not { } type)
            return new(name, "", "which neither the project nor what it references has (its full name is wanted)");
        if (!compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
            return new(name, "", "which the project cannot see");
        ISymbol? list = type.GetMembers(List).FirstOrDefault(member => member is IPropertySymbol or IFieldSymbol);
        if (list is not { IsStatic: true } || !compilation.IsSymbolAccessibleWithin(list, compilation.Assembly))
            return new(name, "", $"which has no such '{List}'");
        ITypeSymbol listType = list is IPropertySymbol property ? property.Type : ((IFieldSymbol)list).Type;
        return Wanted(compilation) is { } wanted && compilation.HasImplicitConversion(listType, wanted)
            ? new(name, $"{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{List}", "")
            : new(name, "", $"whose '{List}' has the type {listType.ToDisplayString()}");
    }

    private static ITypeSymbol? Wanted(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Quantize.Runtime.CustomOperator") is { } element
            ? compilation.GetTypeByMetadataName("System.Collections.Generic.IReadOnlyList`1")?.Construct(element)
            : null;
}
