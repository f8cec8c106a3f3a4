using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Whether the store answers the whole request already, judged by the files' names, sizes and times alone.</summary>
internal static class UpToDateCheck
{
    /// <summary>The models in the request's order; null where the tool must look, be it to tell that two items want one class.</summary>
    public static IReadOnlyList<ReadyModel>? Find(BuildRequest request)
    {
        var full = ModelStore.Full(request);
        ModelStore? design = request.DesignTime ? ModelStore.Design(request) : null;
        List<ReadyModel> ready = [];
        List<string> keys = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (ModelRequest model in request.Models)
        {
            string key = model.Key(request.ToolVersion);
            string fileState = ModelFiles.Of(model).State();
            if ((full.Fresh(key, fileState) ?? design?.Fresh(key, fileState)) is not { } stored || !names.Add(stored.ResourceName))
                return null;
            ready.Add(new ReadyModel(model.Source, stored));
            keys.Add(key);
        }

        return request.DesignTime || full.Uses(request.User) == ModelStore.FormatUses(keys) ? ready : null;
    }
}
