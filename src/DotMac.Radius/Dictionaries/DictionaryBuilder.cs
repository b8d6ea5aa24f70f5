using System.Reflection;

namespace DotMac.Radius.Dictionaries;

/// <summary>Reads dictionary files in FreeRADIUS 3 syntax, one after the other, into one dictionary. Later files may add to earlier ones.</summary>
public sealed class DictionaryBuilder
{
    private const string ResourcePrefix = "DotMac.Radius.Dictionaries.BuiltIn.";
    private const string BuiltInEntry = "dictionary";

    private readonly DictionaryContent _content = new();

    /// <summary>Adds the dictionary that comes with this library.</summary>
    public DictionaryBuilder AddBuiltIn()
    {
        Read(BuiltInEntry, OpenBuiltIn);
        return this;
    }

    /// <summary>Adds a file; its $INCLUDE lines are resolved against the folder of the file they stand in.</summary>
    public DictionaryBuilder AddFile(string path)
    {
        Read(Path.GetFullPath(path), OpenFile);
        return this;
    }

    /// <summary>Adds text that has a name for messages. $INCLUDE in it is a fault.</summary>
    public DictionaryBuilder AddText(string name, string text)
    {
        Read(name, (file, _) => string.Equals(file, name, StringComparison.Ordinal) ? new StringReader(text) : null);
        return this;
    }

    /// <summary>The dictionary of everything that could be understood, and the lines that could not.</summary>
    public RadiusDictionary Build(out IReadOnlyList<DictionaryFault> faults)
    {
        var dictionary = _content.Build();
        faults = [.. _content.Faults];
        return dictionary;
    }

    private static StringReader? OpenBuiltIn(string file, string? from)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + file);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return new StringReader(reader.ReadToEnd());
    }

    private static StringReader? OpenFile(string file, string? from)
    {
        var path = from is null ? file : Path.Combine(Path.GetDirectoryName(from)!, file);
        return File.Exists(path) ? new StringReader(File.ReadAllText(path)) : null;
    }

    private void Read(string file, Func<string, string?, TextReader?> open) => new DictionaryReader(_content, open).Read(file);
}
