using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Quantize.Benchmarks;

/// <summary>One table, for the console and for a file.</summary>
internal sealed class Report(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 120); // a pipe has none of its own
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Rounded };
        for (int i = 0; i < columns.Length; i++)
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { Alignment = i == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (string[] row in _rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    /// <summary>Markdown or JSON, as the file's name ends.</summary>
    public static void Save(FileInfo file, IEnumerable<Report> reports) =>
        File.WriteAllText(file.FullName, file.Extension == ".json" ? Json(reports) : string.Concat(reports.Select(report => report.Markdown())));

    private static string Json(IEnumerable<Report> reports)
    {
        var all = new
        {
            machine = Machine.Facts.ToDictionary(fact => fact.Name, fact => fact.Value),
            tables = reports.Select(report => report.AsDictionary()).ToArray(),
        };
        return JsonSerializer.Serialize(all, JsonSerializerOptions.Web) + "\n";
    }

    private Dictionary<string, object> AsDictionary() => new()
    {
        ["title"] = title,
        ["rows"] = _rows.Select(row => columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)).ToArray(),
    };

    private string Markdown()
    {
        var text = new StringBuilder();
        text.Append("## ").Append(title).Append("\n\n").Append(string.Join("; ", Machine.Facts.Select(fact => $"{fact.Name}: {fact.Value}"))).Append("\n\n");
        text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").AppendJoin("|", columns.Select((_, i) => i == 0 ? "---" : "---:")).Append("|\n");
        foreach (string[] row in _rows)
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.Append('\n').ToString();
    }
}
