using System;
using System.Collections.Generic;
using System.Linq;

namespace Quantize.Build;

/// <summary>What somebody may have meant who wrote a name that is not there.</summary>
internal static class NearMiss
{
    private const int MostEdits = 2;
    private const int LettersForAnEdit = 3;
    private const int LongestName = 100;

    /// <summary>
    /// The candidate with the fewest letters wrong, missing, added or swapped: two at most, and no more than one in three. Capitals, '_' and '-' do not count.
    /// Null where there is none.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string plain = Plain(name);
        return candidates
            .Select(candidate => (Name: candidate, Edits: Edits(plain, Plain(candidate))))
            .Where(candidate => candidate.Edits <= Math.Min(MostEdits, Plain(candidate.Name).Length / LettersForAnEdit))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault()
            .Name;
    }

    /// <summary>The distance of optimal string alignment (Damerau and Levenshtein, each letter moved once at most).</summary>
    private static int Edits(string a, string b)
    {
        if (a.Length > LongestName || Math.Abs(a.Length - b.Length) > MostEdits)
            return int.MaxValue;
        var edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
                edits[i, j] = i == 0 || j == 0 ? i + j : Edits(edits, a, b, i, j);
        }

        return edits[a.Length, b.Length];
    }

    /// <summary>Of the first <paramref name="i"/> and <paramref name="j"/> letters, where those of shorter beginnings are known.</summary>
    private static int Edits(int[,] edits, string a, string b, int i, int j)
    {
        int replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int addedOrMissing = Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1;
        bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return Math.Min(Math.Min(replaced, addedOrMissing), isSwap ? edits[i - 2, j - 2] + 1 : int.MaxValue);
    }

    private static string Plain(string name) => name.Replace("_", "").Replace("-", "").ToLowerInvariant();
}
