using System.Globalization;

namespace Quantize.Probe;

/// <summary>The members that a class has for a .tflite with codes, labels, normalization and an operator of the application: what trimming must leave.</summary>
internal static class GeneratedCalls
{
    public static string Results()
    {
        AnimalsModel.Prediction numbers = AnimalsModel.Predict([1, 3.5f, -2]);
        AnimalsModel.RawPrediction codes = AnimalsModel.PredictRaw([130, 135, 124]);
        return string.Join(' ', [Numbers(numbers.Scores), numbers.Label, Numbers([.. codes.Scores.Select(code => (float)code)]), codes.Label, Numbers(AnimalsModel.NormalizeImage([0, 255]))]);
    }

    private static string Numbers(float[] values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
