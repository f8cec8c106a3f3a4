using Quantize.Runtime.Format;
using Quantize.Runtime.Planning;
using Quantize.Runtime.Shapes;

namespace Quantize.Runtime.Ops;

/// <summary>
/// HASHTABLE_LOOKUP: rows of a table by their ascending keys. Keys wanted [count], keys [rows], table [rows, ...] to rows [count, ...], zeros where there is none, and hits
/// [count].
/// </summary>
internal static class HashtableLookupOperator
{
    private const int Wanted = 0, Keys = 1, Table = 2;

    public static OperatorDefinition Definition { get; } = new(BuiltinOperator.HashtableLookup, Infer, Prepare);

    private static void Infer(ShapeContext context)
    {
        Shape wanted = context.Shape(Wanted, rank: 1), table = context.Shape(Table);
        context.Output(0, context.Type(Table), wanted.HasRank && table.HasRank ? Shape.Of([wanted[0], .. table.Dimensions.Skip(1)]) : Shape.Unknown);
        context.Output(1, TensorType.UInt8, wanted);
    }

    private static Step Prepare(PrepareContext context)
    {
        TensorSlot wanted = context.Input(Wanted), keys = context.Input(Keys), table = context.Input(Table);
        if (wanted.Type != TensorType.Int32 || keys.Type != TensorType.Int32 || table.Shape.Length == 0 || keys.ElementCount != table.Shape[0])
            throw context.Fail($"looks up {wanted} among {keys} in {table}");
        context.Output(0).IsNonNegative = table.IsNonNegative;
        return table.Type != TensorType.String ? new LookupStep(context)
            : table.Shape.Length == 1 ? new StringLookupStep(context)
            : throw context.Fail($"looks up rows of strings in {table}, for which there is no kernel");
    }

    private static int Find(in RunContext context, TensorSlot keys, TensorSlot hits, int i, int key)
    {
        int row = context.Read<int>(keys).BinarySearch(key);
        context.Write<byte>(hits)[i] = row >= 0 ? (byte)1 : (byte)0;
        return row;
    }

    private sealed class LookupStep(PrepareContext prepare) : Step
    {
        private readonly TensorSlot _wanted = prepare.Input(Wanted);
        private readonly TensorSlot _keys = prepare.Input(Keys);
        private readonly TensorSlot _table = prepare.Input(Table);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly TensorSlot _hits = prepare.Output(1);
        private readonly int _rowBytes = prepare.Input(Table).Shape[0] == 0 ? 0
            : prepare.Input(Table).ElementCount / prepare.Input(Table).Shape[0] * prepare.ElementBytes(prepare.Input(Table));

        public override string Kernel => $"table lookup {_table.Type}";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<int> wanted = context.Read<int>(_wanted);
            ReadOnlySpan<byte> table = context.Read<byte>(_table);
            Span<byte> target = context.Write<byte>(_output);
            target.Clear();
            for (int i = 0; i < wanted.Length; i++)
            {
                int row = Find(context, _keys, _hits, i, wanted[i]);
                if (row >= 0)
                    table.Slice(row * _rowBytes, _rowBytes).CopyTo(target[(i * _rowBytes)..]);
            }
        }
    }

    private sealed class StringLookupStep(PrepareContext prepare) : Step
    {
        private readonly TensorSlot _wanted = prepare.Input(Wanted);
        private readonly TensorSlot _keys = prepare.Input(Keys);
        private readonly TensorSlot _table = prepare.Input(Table);
        private readonly TensorSlot _output = prepare.Output(0);
        private readonly TensorSlot _hits = prepare.Output(1);

        public override string Kernel => "table lookup of strings";

        public override void Run(in RunContext context)
        {
            ReadOnlySpan<int> wanted = context.Read<int>(_wanted);
            long characters = 0;
            for (int i = 0; i < wanted.Length; i++)
                characters += Row(context, i, wanted[i]).Length;
            var packer = new StringPacker(context.AllocateBytes(_output, StringPacker.Length(wanted.Length, characters), _output.Shape), wanted.Length);
            for (int i = 0; i < wanted.Length; i++)
                packer.Add(Row(context, i, wanted[i]));
        }

        private ReadOnlySpan<byte> Row(in RunContext context, int i, int key)
        {
            int row = Find(context, _keys, _hits, i, key);
            return row >= 0 ? context.StringAt(_table, row) : [];
        }
    }
}
