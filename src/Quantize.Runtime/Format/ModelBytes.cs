using System.IO.MemoryMappedFiles;

namespace Quantize.Runtime.Format;

/// <summary>
/// The file's bytes where they lie: a mapped file, a mapped resource, or memory of the caller's. The owner is held until the model is disposed, so the pointer
/// stays valid; its alignment is not known.
/// </summary>
internal sealed unsafe class ModelBytes : IDisposable
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly byte* _pointer;
    private readonly int _length;
    private readonly IDisposable? _owner;

    private ModelBytes(ReadOnlyMemory<byte> memory) => _memory = memory;

    private ModelBytes(byte* pointer, int length, IDisposable owner)
    {
        _pointer = pointer;
        _length = length;
        _owner = owner;
    }

    public ReadOnlySpan<byte> Span => _pointer == null ? _memory.Span : new ReadOnlySpan<byte>(_pointer, _length);

    public static ModelBytes Of(ReadOnlyMemory<byte> memory) => new(memory);

    /// <summary>Maps the file; nothing is read before it is used.</summary>
    public static ModelBytes Map(string path)
    {
        long length = new FileInfo(path).Length;
        if (length == 0)
            throw new ModelFormatException($"{path}: the file is empty");
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = new MappedView(file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read));
        return new ModelBytes(view.Pointer, Length(length), view);
    }

    /// <summary>A resource stream is used in place and kept open; any other stream is read to its end.</summary>
    public static ModelBytes Of(Stream stream)
    {
        if (stream is UnmanagedMemoryStream mapped && mapped.Length > 0)
        {
            mapped.Position = 0;
            return new ModelBytes(mapped.PositionPointer, Length(mapped.Length), mapped);
        }

        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return new ModelBytes(copy.GetBuffer().AsMemory(0, (int)copy.Length));
    }

    public void Dispose() => _owner?.Dispose();

    private static int Length(long length) =>
        length <= int.MaxValue ? (int)length : throw new ModelFormatException($"the model has {length} bytes; a TFLite model has at most {int.MaxValue}");

    private sealed class MappedView : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;

        public MappedView(MemoryMappedFile file, MemoryMappedViewAccessor view)
        {
            _file = file;
            _view = view;
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            Pointer = pointer + view.PointerOffset;
        }

        public byte* Pointer { get; }

        public void Dispose()
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
