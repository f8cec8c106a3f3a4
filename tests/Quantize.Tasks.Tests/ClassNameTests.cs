using Quantize.Build;

namespace Quantize.Tasks.Tests;

public sealed class ClassNameTests : IDisposable
{
    private readonly BuildFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("models/mnist", "", "", "", "MnistModel")]
    [InlineData("models/mnist", "", "My-App.2d", "", "My_App._2d.MnistModel")]
    [InlineData("models/mnist", "", "App", "Models.Vision", "Models.Vision.MnistModel")]
    [InlineData("models/mnist", "Digits", "App", "", "App.Digits")]
    [InlineData("models/Zürich größe", "", "App", "", "App.ZürichGrößeModel")]
    public void The_class_follows_item_and_project(string path, string className, string rootNamespace, string space, string expected)
    {
        ModelRequest model = _fixture.Model(path);
        (model.ClassName, model.RootNamespace, model.Namespace) = (className, rootNamespace, space);
        Assert.Equal(expected + ".tflite", Assert.Single(_fixture.Build(model)).ResourceName);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("1st")]
    [InlineData("class")]
    [InlineData("a.b")]
    [InlineData("x{}y")]
    [InlineData("../up")]
    public void A_ClassName_that_is_none_is_refused(string className)
    {
        ModelRequest model = _fixture.Model("mnist");
        model.ClassName = className;
        Assert.Equal("QNT4005", Assert.Single(_fixture.Build(model)).Code);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.namespace")]
    [InlineData("a; using System")]
    public void A_Namespace_that_is_none_is_refused(string space)
    {
        ModelRequest model = _fixture.Model("mnist");
        model.Namespace = space;
        Assert.Equal("QNT4006", Assert.Single(_fixture.Build(model)).Code);
    }
}
