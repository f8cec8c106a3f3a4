using Quantize.Build;

namespace Quantize.Tasks.Tests;

public sealed class DesignTimeTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_signature_alone_is_asked_for_and_written()
    {
        BuildLine line = Assert.Single(DesignTime(_fixture.Model("mnist")));
        Assert.True(Assert.Single(_fixture.Requests).SignatureOnly);
        Assert.Null(line.TfLite);
        Assert.True(File.Exists(line.Signature));
        Assert.Equal(["MnistModel.signature"], _fixture.Results());
    }

    [Fact]
    public void Once_is_enough()
    {
        ModelRequest model = _fixture.Model("mnist");
        DesignTime(model);
        Assert.Equal(BuildLine.UpToDate, Assert.Single(DesignTime(model)).State);
        Assert.Equal(1, _fixture.Conversions);
    }

    [Fact]
    public void A_finished_conversion_is_used()
    {
        ModelRequest model = _fixture.Model("mnist");
        BuildLine full = Assert.Single(_fixture.Build(model));
        BuildLine design = Assert.Single(DesignTime(model));
        Assert.Equal((full.TfLite, full.Signature, BuildLine.UpToDate), (design.TfLite, design.Signature, design.State));
        Assert.Equal(1, _fixture.Conversions);
    }

    [Fact]
    public void A_finished_conversion_is_not_touched_by_a_changed_model()
    {
        BuildLine full = Assert.Single(_fixture.Build(_fixture.Model("mnist", "old")));
        BuildLine design = Assert.Single(DesignTime(_fixture.Model("mnist", "newer")));
        Assert.NotEqual(full.Signature, design.Signature);
        Assert.Null(design.TfLite);
        Assert.True(File.Exists(full.TfLite));
        Assert.True(File.Exists(full.Signature));
    }

    [Fact]
    public void A_real_build_does_not_take_a_signature_for_a_model()
    {
        ModelRequest model = _fixture.Model("mnist");
        DesignTime(model);
        BuildLine full = Assert.Single(_fixture.Build(model));
        Assert.Equal(BuildLine.Converted, full.State);
        Assert.True(File.Exists(full.TfLite));
    }

    private IReadOnlyList<BuildLine> DesignTime(params ModelRequest[] models)
    {
        BuildRequest request = _fixture.Request(models);
        request.DesignTime = true;
        return _fixture.Build(request);
    }
}
