using Quantize.Runtime.Format;
using Quantize.Runtime.Format.Options;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>Tables from numbers to strings, from strings to numbers and the like: filled once, then looked up.</summary>
internal static class HashtableOperator
{
    public static OperatorDefinition Handle { get; } = new(BuiltinOperator.Hashtable, VariableOperator.InferHandle, PrepareHandle) { DependsOnShapesOnly = true };

    public static OperatorDefinition Import { get; } = new(BuiltinOperator.HashtableImport, _ => { }, PrepareImport) { IsStateful = true };

    public static OperatorDefinition Find { get; } = new(BuiltinOperator.HashtableFind, InferFind, PrepareFind) { IsStateful = true };

    public static OperatorDefinition Size { get; } = new(BuiltinOperator.HashtableSize, context => context.Output(0, TensorType.Int64, Shape.Of(1)), PrepareSize) { IsStateful = true };

    private static void InferFind(ShapeContext context) => context.Output(0, context.Type(2), context.Shape(1));

    private static HandleStep PrepareHandle(PrepareContext context) => new(context.Output(0), context.State.Table(context.OptionsAs<HashtableOptions>()), "table");

    private static ImportStep PrepareImport(PrepareContext context)
    {
        TensorSlot keys = context.Input(1), values = context.Input(2);
        if (keys.ElementCount != values.ElementCount)
            throw context.Fail($"imports {keys} as keys of {values}");
        return new ImportStep(Table(context), new TableElements(context, keys), new TableElements(context, values));
    }

    private static FindStep PrepareFind(PrepareContext context) =>
        new(Table(context), new TableElements(context, context.Input(1)), new TableElements(context, context.Input(2)), context.Output(0));

    private static SizeStep PrepareSize(PrepareContext context) => new(Table(context), context.Output(0));

    private static int Table(PrepareContext context) => context.Constant<int>(context.Input(0))[0];

    private sealed class ImportStep(int table, TableElements keys, TableElements values) : Step
    {
        public override string Kernel => "import into table";

        public override void Run(in RunContext context)
        {
            HashTable target = context.Frame.State.Table(table);
            if (target.Count > 0)
                return; // a table is filled once
            for (int i = 0; i < keys.Count; i++)
                target.Set(keys.At(context, i), values.At(context, i));
        }
    }

    private sealed class FindStep(int table, TableElements keys, TableElements absent, TensorSlot output) : Step
    {
        public override string Kernel => "find in table";

        public override void Run(in RunContext context)
        {
            if (output.Type == TensorType.String)
                FindStrings(context);
            else
                FindNumbers(context);
        }

        private void FindNumbers(in RunContext context)
        {
            Span<byte> target = context.Write<byte>(output);
            int bytes = keys.Count == 0 ? 0 : target.Length / keys.Count;
            for (int i = 0; i < keys.Count; i++)
                Value(context, i).CopyTo(target.Slice(i * bytes, bytes));
        }

        private void FindStrings(in RunContext context)
        {
            long characters = 0;
            for (int i = 0; i < keys.Count; i++)
                characters += Value(context, i).Length;
            var packer = new StringPacker(context.AllocateBytes(output, StringPacker.Length(keys.Count, characters), output.Shape), keys.Count);
            for (int i = 0; i < keys.Count; i++)
                packer.Add(Value(context, i));
        }

        private ReadOnlySpan<byte> Value(in RunContext context, int key) =>
            context.Frame.State.Table(table).TryFind(keys.At(context, key), out byte[]? value) ? value : absent.At(context, 0);
    }

    private sealed class SizeStep(int table, TensorSlot output) : Step
    {
        public override string Kernel => "size of table";

        public override void Run(in RunContext context) => context.Write<long>(output)[0] = context.Frame.State.Table(table).Count;
    }
}
