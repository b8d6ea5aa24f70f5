using DotMac.Radius.Dictionaries;

namespace DotMac.Host.Settings;

/// <summary>The site's own RADIUS dictionaries: read here, so that a wrong line stops the start and names itself.</summary>
internal static class DictionarySettings
{
    private const string Key = "DOTMAC_DICTIONARIES";
    private const string Entry = "dictionary";
    private const int MostShown = 10;

    /// <summary>The built-in dictionary with the folder's files; null when no folder is set, or it cannot be used.</summary>
    public static RadiusDictionary? Read(SettingReader read)
    {
        if (read.Text(Key) is not { } folder)
        {
            return null;
        }

        if (!Directory.Exists(folder))
        {
            read.Fault(Key, $"There is no folder {folder}. Make it, or remove the setting.");
            return null;
        }

        // A file "dictionary" says itself what it includes, as FreeRADIUS's does; without one every dictionary.NAME is read, by name.
        string[] files = File.Exists(Path.Combine(folder, Entry))
            ? [Path.Combine(folder, Entry)]
            : [.. Directory.GetFiles(folder, Entry + ".*").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            read.Fault(Key, $"{folder} holds no file named dictionary or dictionary.NAME. Put one there, in FreeRADIUS's syntax.");
            return null;
        }

        var builder = new DictionaryBuilder().AddBuiltIn();
        foreach (var file in files)
        {
            builder.AddFile(file);
        }

        var dictionary = builder.Build(out var faults);
        foreach (var fault in faults.Take(MostShown))
        {
            read.Fault(Key, $"{fault}. Mend the line, or take it out.");
        }

        if (faults.Count > MostShown)
        {
            read.Fault(Key, $"{faults.Count - MostShown} more lines cannot be used.");
        }

        return faults.Count == 0 ? dictionary : null;
    }
}
