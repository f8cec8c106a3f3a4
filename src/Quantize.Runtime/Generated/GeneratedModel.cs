using System.ComponentModel;
using Quantize.Runtime.Ops;

namespace Quantize.Runtime.Generated;

/// <summary>Opens the model of a generated class. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GeneratedModel
{
    /// <summary>Opens the model that lies in the assembly of that class, for any operator.</summary>
    public static CompiledModel Load(Type generatedClass, string resourceName)
    {
        ArgumentNullException.ThrowIfNull(generatedClass);
        return CompiledModel.Load(Resource(generatedClass, resourceName), null, OperatorTable.All);
    }

    /// <summary>Opens the model that lies in the assembly of that class, for these operators; trimming drops all others.</summary>
    public static CompiledModel Load(Type generatedClass, string resourceName, OperatorKernel[] operators)
    {
        ArgumentNullException.ThrowIfNull(generatedClass);
        ArgumentNullException.ThrowIfNull(operators);
        return CompiledModel.Load(Resource(generatedClass, resourceName), null, OperatorTable.Only(operators));
    }

    /// <summary>Opens the model that lies in the assembly of that class, for any operator and the application's own.</summary>
    public static CompiledModel Load(Type generatedClass, string resourceName, IReadOnlyList<CustomOperator> customOperators)
    {
        ArgumentNullException.ThrowIfNull(generatedClass);
        ArgumentNullException.ThrowIfNull(customOperators);
        return CompiledModel.Load(Resource(generatedClass, resourceName), new CompileOptions { CustomOperators = customOperators }, OperatorTable.All);
    }

    /// <summary>Opens the model that lies in the assembly of that class, for these operators and the application's own; trimming drops all others.</summary>
    public static CompiledModel Load(Type generatedClass, string resourceName, OperatorKernel[] operators, IReadOnlyList<CustomOperator> customOperators)
    {
        ArgumentNullException.ThrowIfNull(generatedClass);
        ArgumentNullException.ThrowIfNull(operators);
        ArgumentNullException.ThrowIfNull(customOperators);
        return CompiledModel.Load(Resource(generatedClass, resourceName), new CompileOptions { CustomOperators = customOperators }, OperatorTable.Only(operators));
    }

    private static Stream Resource(Type generatedClass, string name) => generatedClass.Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException(
            $"the assembly '{generatedClass.Assembly.GetName().Name}' has no resource '{name}', the model of {generatedClass.Name}; rebuild the project");
}
