namespace Quantize.Converter.Tests.Keras;

/// <summary>Arguments of layers that are easily taken for their neighbours, with results that are computed by hand.</summary>
public sealed class LayerArgumentTests
{
    private const float Tolerance = 1e-5f;

    private static void Equal(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Rms_scaling_divides_by_the_deviation_and_leaves_the_mean()
    {
        SmallModel model = new SmallModel("null, 2").Layer("LayerNormalization", "\"axis\": [-1], \"epsilon\": 0, \"rms_scaling\": true")
            .Weight("layers/layer_normalization/vars/0", [2], 1, 2);
        Equal([1, 6], model.Run([1, 2], 1, 3));
    }

    [Fact]
    public void AutoContrast_stretches_every_channel_outside_training_too()
    {
        SmallModel model = new SmallModel("null, 2, 1, 2").Layer("AutoContrast", "\"value_range\": [0, 10]");
        Equal([0, 4, 10, 4], model.Run([1, 2, 1, 2], 3, 4, 5, 4));
    }

    [Theory]
    [InlineData("AdaptiveAveragePooling1D", 2f, 4f, 6f)]
    [InlineData("AdaptiveMaxPooling1D", 3f, 5f, 7f)]
    public void Adaptive_pools_have_windows_that_overlap(string className, float first, float second, float third)
    {
        SmallModel model = new SmallModel("null, 7, 1").Layer(className, "\"output_size\": [3]");
        Equal([first, second, third], model.Run([1, 7, 1], 1, 2, 3, 4, 5, 6, 7));
    }

    [Fact]
    public void Convolutions_over_three_dimensions_have_groups()
    {
        SmallModel model = new SmallModel("null, 1, 1, 1, 4").Layer("Conv3D", "\"filters\": 2, \"kernel_size\": [1, 1, 1], \"groups\": 2, \"use_bias\": false")
            .Weight("layers/conv3d/vars/0", [1, 1, 1, 2, 2], 1, 10, 2, 20);
        Equal([1 * 1 + 2 * 2, 3 * 10 + 4 * 20], model.Run([1, 1, 1, 1, 4], 1, 2, 3, 4));
    }

    [Theory]
    [InlineData("3.7.0", 1)]
    [InlineData("3.8.0", 2)]
    [InlineData("3.15.1", 2)]
    public void RandomCrop_leaves_the_picture_since_Keras_3_8(string version, int length)
    {
        SmallModel model = new SmallModel("null, 2, 2, 1") { Version = version }.Layer("RandomCrop", "\"height\": 1, \"width\": 1");
        Assert.Equal(length * length, model.Run([1, 2, 2, 1], 1, 2, 3, 4).Length);
    }

    [Theory]
    [InlineData("3.15.1", 3f)]
    [InlineData("3.16.0", 10f / 3)]
    public void Masks_end_at_recurrent_layers_since_Keras_3_16(string version, float mean)
    {
        const string Config = "\"units\": 1, \"return_sequences\": true, \"use_bias\": false, \"activation\": \"linear\"";
        SmallModel model = new SmallModel("null, 3, 1") { Version = version }
            .Layer("Masking", "\"mask_value\": 0.0").Layer("SimpleRNN", Config).Layer("GlobalAveragePooling1D")
            .Weight("layers/simple_rnn/cell/vars/0", [1, 1], 1).Weight("layers/simple_rnn/cell/vars/1", [1, 1], 0);
        Equal([mean], model.Run([1, 3, 1], 2, 4, 0));
    }

    [Theory]
    [InlineData("3.15.1", 0f)]
    [InlineData("2.15.0", 4f)]
    public void Keras_3_hands_no_mask_to_a_layer_that_is_given_states_too(string version, float last)
    {
        const string Config = "\"units\": 1, \"use_bias\": false, \"activation\": \"linear\"";
        SmallModel model = new SmallModel("null, 3, 1") { Version = version }
            .Layer("GlobalMaxPooling1D").Layer("Masking", "\"mask_value\": 0.0", over: "x").Layer("SimpleRNN", Config, named: $"\"initial_state\": {SmallModel.Tensor("layer_1")}")
            .Weight("layers/simple_rnn/cell/vars/0", [1, 1], 1).Weight("layers/simple_rnn/cell/vars/1", [1, 1], 0);
        Equal([last], model.Run([1, 3, 1], 2, 4, 0));
    }

    [Theory]
    [InlineData("3.7.0", 3f)]
    [InlineData("3.8.0", 2f)]
    public void Attention_takes_the_mask_off_what_it_is_given_since_Keras_3_8(string version, float mean)
    {
        SmallModel model = new SmallModel("null, 3, 1") { Version = version }
            .Layer("Masking", "\"mask_value\": 0.0")
            .Layer("MultiHeadAttention", "\"num_heads\": 1, \"key_dim\": 1, \"use_bias\": false", arguments: SmallModel.Tensor("layer_1"))
            .Layer("Add", arguments: SmallModel.Tensor("layer_1"), isList: true)
            .Layer("GlobalAveragePooling1D");
        foreach (string projection in (string[])["query_dense", "key_dense", "value_dense", "output_dense"])
            model.Weight($"layers/multi_head_attention/{projection}/vars/0", [1, 1, 1], 0);
        Equal([mean], model.Run([1, 3, 1], 2, 4, 0));
    }

    /// <summary>The step whose numbers are all 3 is masked in one factor, and not in the other.</summary>
    [Theory]
    [InlineData("3.3.0", 0f)]
    [InlineData("3.4.0", 3f)]
    public void Products_leave_out_what_a_mask_leaves_out_since_Keras_3_4(string version, float last)
    {
        SmallModel model = new SmallModel("null, 3, 1") { Version = version }
            .Layer("Masking", "\"mask_value\": 3.0")
            .Layer("Multiply", over: "x", arguments: SmallModel.Tensor("layer_1"), isList: true);
        Equal([4, 16, last], model.Run([1, 3, 1], 2, 4, 3));
    }

    [Fact]
    public void Products_of_what_is_masked_in_all_factors_are_nothing()
    {
        SmallModel model = new SmallModel("null, 3, 1").Layer("Masking", "\"mask_value\": 3.0").Layer("Rescaling", "\"scale\": 1.0, \"offset\": 1.0")
            .Layer("Multiply", arguments: SmallModel.Tensor("layer_2"), isList: true);
        Equal([9, 25, 0], model.Run([1, 3, 1], 2, 4, 3));
    }

    /// <summary>Without dropout, scores or a fourth dimension, Keras takes another way, and what sees nothing gets the mean.</summary>
    [Theory]
    [InlineData("3.15.1", "0.5", 0f)]
    [InlineData("3.9.0", "0.5", 3f)]
    [InlineData("3.15.1", "0.0", 3f)]
    public void What_sees_nothing_gets_nothing_since_Keras_3_10(string version, string dropout, float expected)
    {
        SmallModel model = new SmallModel("null, 2, 1") { Version = version }
            .Operation("Less", arguments: "-100")
            .Layer("MultiHeadAttention", $"\"num_heads\": 1, \"key_dim\": 1, \"use_bias\": false, \"dropout\": {dropout}", over: "x", arguments: SmallModel.Tensor("x"), named: $"\"attention_mask\": {SmallModel.Tensor("layer_1")}");
        foreach (string projection in (string[])["query_dense", "key_dense", "value_dense", "output_dense"])
            model.Weight($"layers/multi_head_attention/{projection}/vars/0", [1, 1, 1], 1);
        Equal([expected, expected], model.Run([1, 2, 1], 2, 4));
    }

    [Fact]
    public void Activations_that_a_cell_does_not_name_are_its_own()
    {
        SmallModel model = new SmallModel("null, 1, 1").Layer("SimpleRNN", "\"units\": 1, \"use_bias\": false")
            .Weight("layers/simple_rnn/cell/vars/0", [1, 1], 1).Weight("layers/simple_rnn/cell/vars/1", [1, 1], 0);
        Equal([MathF.Tanh(2)], model.Run([1, 1, 1], 2));
    }

    [Theory]
    [InlineData("keras.src.applications.convnext", null)]
    [InlineData("mine", "QNT1040")]
    [InlineData("", "QNT1040")]
    public void Layers_of_Keras_own_networks_are_known_where_they_belong(string module, string? id)
    {
        SmallModel model = new SmallModel("null, 2").Layer("LayerScale", "\"projection_dim\": 2", module).Weight("layers/layer_scale/vars/0", [2], 2, 3);
        if (id is null)
            Equal([2, 3], model.Run([1, 2], 1, 1));
        else
            Assert.Equal(id, Assert.Single(model.Refusal().Diagnostics).Entry.Id);
    }

    [Fact]
    public void A_reversible_embedding_gives_products_with_its_rows()
    {
        SmallModel model = new SmallModel("null, 2").Layer("ReversibleEmbedding", "\"input_dim\": 3, \"output_dim\": 2, \"logit_soft_cap\": 2.0", named: "\"reverse\": true")
            .Weight("layers/reversible_embedding/vars/0", [3, 2], 1, 0, 0, 1, 1, 1);
        Equal([2 * MathF.Tanh(0.5f), 2 * MathF.Tanh(1), 2 * MathF.Tanh(1.5f)], model.Run([1, 2], 1, 2));
    }

    [Fact]
    public void A_pipeline_runs_its_layers_one_behind_the_other()
    {
        const string Layers = """
            "layers": [{"class_name": "Rescaling", "module": "keras.layers", "config": {"scale": 2.0, "offset": 1.0}},
                       {"class_name": "ReLU", "module": "keras.layers", "config": {"max_value": 4.0}}]
            """;
        Equal([3, 4, 0], new SmallModel("null, 3").Layer("Pipeline", Layers).Run([1, 3], 1, 2, -1));
    }

    [Fact]
    public void The_mean_of_integers_is_no_integer()
    {
        SmallModel model = new SmallModel("null, 1", "int32").Layer("Average");
        Equal([3], model.Run<int, float>([1, 1], 3));
    }

    [Fact]
    public void A_bias_before_an_ellipsis_is_broadcast_behind_it()
    {
        SmallModel model = new SmallModel("null, 1, 2").Layer("EinsumDense", "\"equation\": \"ab...,bc->ac...\", \"output_shape\": [2, null], \"bias_axes\": \"c\"")
            .Weight("layers/einsum_dense/vars/0", [1, 2], 1, 10).Weight("layers/einsum_dense/vars/1", [2, 1], 100, 200);
        Equal([101, 102, 210, 220], model.Run([1, 1, 2], 1, 2));
    }

    [Fact]
    public void Eight_bit_weights_of_Keras_are_divided_and_the_input_is_rounded()
    {
        const string Config = """
            "equation": "ab,bc->ac", "output_shape": [2], "dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8", "source_name": "float32"}},
            "quantization_config": {"class_name": "Int8QuantizationConfig", "config": {"activation_quantizer": {"class_name": "AbsMaxQuantizer", "config": {}}}}
            """;
        SmallModel model = new SmallModel("null, 2").Layer("EinsumDense", Config)
            .Codes("layers/einsum_dense/vars/0", [2, 2], 127, 0, 0, 127).Weight("layers/einsum_dense/vars/1", [1, 2], 127, 254);
        Equal([1, 32f / 127 / 2], model.Run([1, 2], 1, 0.25f));
    }

    [Fact]
    public void Bilinear_enlargement_takes_pictures_of_any_size()
    {
        SmallModel model = new SmallModel("null, null, null, 1").Layer("UpSampling2D", "\"size\": [1, 2], \"interpolation\": \"bilinear\"");
        Equal([0, 0.5f, 1.5f, 2], model.Run([1, 1, 2, 1], 0, 2));
    }

    [Fact]
    public void Functions_that_are_not_told_from_layers_are_known_by_their_arguments() =>
        Equal([2, 4], new SmallModel("null, 2").Layer("Multiply", module: "", arguments: "2").Run([1, 2], 1, 2));

    [Theory]
    [InlineData("Dense", "\"units\": 2, \"dtype\": {\"class_name\": \"QuantizedFloat8DTypePolicy\", \"config\": {\"mode\": \"float8\"}}", "as float8")]
    [InlineData("Dense", "\"units\": 2, \"dtype\": \"gptq/4/-1_from_float32\"", "as gptq")]
    [InlineData("ContrastLimitedAdaptiveHistogramEqualization", "", "histograms")]
    [InlineData("TernaryDense", "", "-1, 0 and 1")]
    public void What_cannot_be_computed_is_refused_by_its_fact(string className, string config, string fact)
    {
        ConversionException refusal = new SmallModel("null, 2").Layer(className, config).Refusal();
        Assert.Contains(fact, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("QNT1041", Assert.Single(refusal.Diagnostics).Entry.Id);
    }

    [Fact]
    public void Codes_are_not_taken_for_weights()
    {
        SmallModel model = new SmallModel("null, 4, 1").Layer("Conv1D", "\"filters\": 1, \"kernel_size\": [1], \"use_bias\": false").Codes("layers/conv1d/vars/0", [1, 1, 1], 5);
        Assert.Contains("Keras has quantized its 'kernel'", model.Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_padding_that_no_convolution_leads_back_from_is_refused()
    {
        SmallModel model = new SmallModel("null, 4, 1").Layer("Conv1DTranspose", "\"filters\": 1, \"kernel_size\": [2], \"padding\": \"same\", \"output_padding\": [0]")
            .Weight("layers/conv1d_transpose/vars/0", [2, 1, 1], 1, 1);
        Assert.Contains("output_padding 0", model.Refusal().Message, StringComparison.Ordinal);
    }
}
