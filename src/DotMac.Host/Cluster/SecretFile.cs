using System.Text;

namespace DotMac.Host.Cluster;

/// <summary>A one-line secret on disk that its owner alone may read.</summary>
internal static class SecretFile
{
    public static string Read(string path) => File.ReadAllText(path).Trim();

    /// <summary>Written whole under another name, flushed and renamed: a crash leaves the old file or the new one, never an empty one.</summary>
    public static void Write(string path, string secret)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
