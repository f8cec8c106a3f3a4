namespace Quantize.Package.Tests;

public sealed class TwoModelsTests(PackageFeed feed)
{
    [Fact]
    public void Two_models_of_a_glob_become_two_classes_in_one_process_and_a_change_of_one_leaves_the_other()
    {
        var consumer = Consumer.Restored(feed, "TwoModels");
        consumer.Write("models/first/1/saved_model.pb", FrozenGraph.WriteSavedModel(seed: 1));
        consumer.Write("models/second/1/saved_model.pb", FrozenGraph.WriteSavedModel(seed: 2));
        consumer.SetItems("models/**/saved_model.pb");
        BuildResult build = consumer.Build().Succeeded();
        Assert.Equal(["FirstModel", "SecondModel"], build.Converted);
        Assert.Equal(1, build.Processes);

        consumer.Write("models/second/1/saved_model.pb", FrozenGraph.WriteSavedModel(seed: 3));
        Assert.Equal(["SecondModel"], consumer.Build().Succeeded().Converted);
        Assert.Equal(["FirstModel.signature", "FirstModel.tflite", "SecondModel.signature", "SecondModel.tflite"], consumer.StoredFiles());
    }

    [Fact]
    public void A_folder_and_its_file_mean_the_same_model_and_two_items_of_one_class_are_named()
    {
        var consumer = Consumer.Restored(feed, "OneModelTwice");
        consumer.Write("models/first/saved_model.pb", FrozenGraph.WriteSavedModel());
        consumer.SetItems("models/first/", "models/first/saved_model.pb");
        Assert.Contains("The class App.FirstModel is asked for by the TfModel items 'models/first/', 'models/first/saved_model.pb'",
            consumer.Build().Error("QNT4004"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_item_twice_is_told_where_its_model_is_up_to_date_already()
    {
        var consumer = Consumer.Restored(feed, "OneItemTwice");
        consumer.Write("models/first/saved_model.pb", FrozenGraph.WriteSavedModel());
        consumer.SetItems("models/first");
        consumer.Build().Succeeded();
        consumer.SetItems("models/first", "models/first");
        BuildResult build = consumer.Build();
        Assert.Contains("asked for by the TfModel items 'models/first', 'models/first'", build.Error("QNT4004"), StringComparison.Ordinal);
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
        consumer.SetItems("models/first");
        Assert.Equal(0, consumer.Build().Succeeded().Processes);
    }
}
