using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Quantize.Build;

/// <summary>
/// How names of models become names of C#. A name is cut into words at everything that is neither a letter nor a digit; Pascal case begins each word with a
/// capital, camel case all but the first. What a name has no letter for, or begins with a digit, gets a word that tells what it names (<c>Input1x</c>).
/// </summary>
internal static class Identifiers
{
    private const string ModelWord = "Model";

    private static readonly string[] FileExtensions = [".tflite", ".lite", ".pb", ".pbtxt", ".weights.h5", ".h5", ".hdf5", ".keras", ".json"];

    /// <summary>Names of files and folders that say nothing: the folder above them is the model's name.</summary>
    private static readonly string[] NamelessFiles = ["model", "saved_model", "savedmodel"];

    /// <summary>The keywords, then the words that the compiler does not take, or warns of, as a type's name.</summary>
    private static readonly HashSet<string> Keywords =
    [
        .. ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern "
            + "false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override "
            + "params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof "
            + "uint ulong unchecked unsafe ushort using virtual void volatile while").Split(' '),
        .. "await dynamic extension field file global managed nint notnull nuint partial record required scoped unmanaged var where yield".Split(' '),
    ];

    /// <summary>The class of a model at that path: <c>models/mnist/1/saved_model.pb</c> gives <c>MnistModel</c>.</summary>
    public static string ClassName(string path)
    {
        List<string> folders = Segments(path);
        string name = folders.Count == 0 ? "" : folders[folders.Count - 1];
        for (int i = folders.Count - 2; i >= 0 && IsNameless(name); i--)
            name = folders[i];
        string pascal = Pascal(WithoutExtension(name), ModelWord);
        if (pascal == ModelWord)
            return "TheModel"; // a class `Model` could not have its property `Model`
        bool saysModel = pascal.EndsWith(ModelWord, StringComparison.OrdinalIgnoreCase)
            || (pascal.StartsWith(ModelWord, StringComparison.Ordinal) && IsDigit(pascal[ModelWord.Length]));
        return saysModel ? pascal : pascal + ModelWord;
    }

    /// <summary><c>dense_1/BiasAdd:0</c> gives <c>Dense1BiasAdd0</c>; <paramref name="what"/> stands before a digit, or for a name without letters.</summary>
    public static string Pascal(string name, string what)
    {
        string pascal = string.Concat(Words(name).Select(Capitalized));
        return pascal.Length == 0 || !IsLetter(pascal[0]) ? what + pascal : pascal;
    }

    /// <summary><c>dense_1/BiasAdd:0</c> gives <c>dense1BiasAdd0</c>; may be a keyword, see <see cref="Escape"/>.</summary>
    public static string Camel(string name, string what)
    {
        List<string> words = Words(name);
        if (words.Count == 0 || !IsLetter(words[0][0]))
            words.Insert(0, what);
        return WithSmallCapitals(words[0]) + string.Concat(words.Skip(1).Select(Capitalized));
    }

    /// <summary>Keywords get an <c>@</c>.</summary>
    public static string Escape(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>Whether the text can be a type's name as it stands: no keyword, and no character that does not show.</summary>
    public static bool IsIdentifier(string text) => IsWord(text) && !Keywords.Contains(text);

    /// <summary>Whether the text is a type's or a namespace's name, once <see cref="Escape"/> has seen it.</summary>
    public static bool IsWord(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '_' && !IsLetter(text[i]) && !(i > 0 && (IsDigit(text[i]) || IsMark(text[i]))))
                return false;
        }

        return text.Length > 0;
    }

    private static List<string> Segments(string path)
    {
        List<string> segments = [];
        foreach (string segment in path.Split('/', '\\'))
        {
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("" or "." or ".."))
                segments.Add(segment);
        }

        return segments;
    }

    /// <summary>A version folder, or a file that is called what they are all called.</summary>
    private static bool IsNameless(string name) => name.All(IsDigit) || NamelessFiles.Contains(WithoutExtension(name), StringComparer.OrdinalIgnoreCase);

    private static string WithoutExtension(string name)
    {
        string? extension = FileExtensions.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        return name.Substring(0, name.Length - (extension?.Length ?? 0));
    }

    private static List<string> Words(string name)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (char c in name + " ")
        {
            if (IsLetter(c) || IsDigit(c) || (word.Length > 0 && IsMark(c)))
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word.Substring(1);

    /// <summary>A word's leading capitals up to the one that begins its next part: <c>ABC</c> gives <c>abc</c>, <c>IOStream</c> <c>ioStream</c>.</summary>
    private static string WithSmallCapitals(string word)
    {
        char[] letters = word.ToCharArray();
        for (int i = 0; i < letters.Length && char.IsUpper(letters[i]) && (i == 0 || i + 1 == letters.Length || !char.IsLower(letters[i + 1])); i++)
            letters[i] = char.ToLowerInvariant(letters[i]);
        return new string(letters);
    }

    private static bool IsLetter(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;

    private static bool IsDigit(char c) => char.IsDigit(c);

    private static bool IsMark(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
