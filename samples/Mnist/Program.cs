using Mnist;

Digits digits = Digits.Load();
var floats = new Evaluation("float", FloatMnistModel.Model.ByteLength, digits, FloatMnistModel.Predict);
var quantized = new Evaluation("quantized", MnistModel.Model.ByteLength, digits, MnistModel.Predict);

Report.WithProgress(digits.Count, next =>
{
    floats.WarmUp();
    quantized.WarmUp();
    for (int i = 0; i < digits.Count; i++)
    {
        floats.Predict(i);
        quantized.Predict(i);
        next();
    }
});

Report.Accuracy(floats, quantized);
Report.Comparison(floats, quantized);
Report.Digit(digits, 0, MnistModel.Predict(digits.Image(0)));
