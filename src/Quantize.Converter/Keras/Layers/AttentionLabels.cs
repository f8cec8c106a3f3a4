namespace Quantize.Converter.Keras.Layers;

/// <summary>
/// Equations of attention over some axes of [batch, axes..., heads, size]: the axes attended over have labels of their own in query and values, the others are the
/// same in both. Scores are [batch, other axes..., heads, axes of the query..., axes of the values...].
/// </summary>
internal sealed class AttentionLabels
{
    public AttentionLabels(int rank, int[] axes)
    {
        string query = "a", value = "a", others = "a", queryAxes = "", valueAxes = "";
        for (int axis = 1; axis < rank - 1; axis++)
        {
            char ofQuery = (char)('b' + axis), ofValue = (char)('A' + axis);
            bool isAttended = axes.Contains(axis);
            query += ofQuery;
            value += isAttended ? ofValue : ofQuery;
            others += isAttended ? "" : ofQuery;
            queryAxes += isAttended ? ofQuery : "";
            valueAxes += isAttended ? ofValue : "";
        }

        string scores = $"{others}y{queryAxes}{valueAxes}";
        Scores = $"{query}yz,{value}yz->{scores}";
        Attended = $"{scores},{value}yz->{query}yz";
        ScoreRank = scores.Length;
        AxisCount = axes.Length;
    }

    public string Scores { get; }

    public string Attended { get; }

    public int ScoreRank { get; }

    public int AxisCount { get; }
}
