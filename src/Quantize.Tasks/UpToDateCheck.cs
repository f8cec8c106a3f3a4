using Quantize.Build;

namespace Quantize.Tasks;

/// <summary>Whether the store answers the whole request already, judged by the files' names, sizes and times alone.</summary>
internal static class UpToDateCheck
{
    /// <summary>The models in the request's order; null where the tool must look.</summary>
    public static IReadOnlyList<ReadyModel>? Find(BuildRequest request)
    {
        var full = ModelStore.Full(request);
        ModelStore? design = request.DesignTime ? ModelStore.Design(request) : null;
        List<ReadyModel> ready = [];
        List<string> keys = [];
        foreach (ModelRequest model in request.Models)
        {
            string key = model.Key(request.ToolVersion);
            string fileState = ModelFiles.Of(model.Path).State();
            if ((full.Fresh(key, fileState) ?? design?.Fresh(key, fileState)) is not { } stored)
                return null;
            ready.Add(new ReadyModel(model.Source, stored));
            keys.Add(key);
        }

        return request.DesignTime || full.Uses(request.User) == ModelStore.FormatUses(keys) ? ready : null;
    }
}
