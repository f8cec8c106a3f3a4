using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Quantize.Runtime.Format;

namespace Quantize.Runtime.Planning;

/// <summary>The packed weights of one model: each layout of each constant is made once, when the first run needs it.</summary>
internal sealed class PackedWeights
{
    private readonly ConcurrentDictionary<(Tensor Tensor, string Layout), object> _packed = new();

    public Lazy<T> Get<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(Tensor tensor, string layout, Func<T> pack)
        where T : class => (Lazy<T>)_packed.GetOrAdd((tensor, layout), _ => new Lazy<T>(pack));
}
