using System.Globalization;
using DotMac.Host.Settings;

namespace DotMac.Host.Cluster;

/// <summary>The folder one installation keeps its state in, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    public const string SystemFolder = "/var/lib/dotmac";
    private readonly FileStream hold;

    private DataFolder(string path, FileStream hold)
    {
        Path = path;
        this.hold = hold;
    }

    public string Path { get; }

    /// <summary>Where the state is kept. Root's private cluster may need another place than the default: see the remark.</summary>
    /// <remarks>
    /// PostgreSQL runs as the account postgres when we are root, and must be able to walk to its files. A default folder under, say,
    /// /root is out of its reach, so /var/lib/dotmac is used and said; a folder the operator chose is refused with the mend instead.
    /// </remarks>
    public static async Task<string> ResolveAsync(HostSettings settings, CancellationToken ct)
    {
        if (settings.Database is not null)
        {
            return settings.DataFolder;
        }

        var existing = settings.DataFolder;
        while (!Directory.Exists(existing))
        {
            existing = System.IO.Path.GetDirectoryName(existing) ?? "/";
        }

        if (await ServerAccount.Choose().CanEnterAsync(existing, ct))
        {
            return settings.DataFolder;
        }

        if (settings.DataFolderChosen)
        {
            throw new StartRefusal(
                $"DOTMAC_DATA: {settings.DataFolder} cannot be reached by the account postgres, which runs the private cluster because this process is root. "
                    + $"Set it to a folder whose parents others may enter, e.g. {SystemFolder}.",
                ExitCodes.Usage
            );
        }

        return SystemFolder;
    }

    /// <summary>Creates the folder when absent and takes it; refuses when another process holds it.</summary>
    public static DataFolder Take(string path)
    {
        FileStream taken;
        try
        {
            Directory.CreateDirectory(path);
            taken = new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartRefusal(
                $"DOTMAC_DATA: {path} cannot be written by this account ({e.Message}). Set it to a folder of your own.",
                ExitCodes.Usage
            );
        }
        catch (IOException e)
        {
            if (File.Exists(LockPath(path)))
            {
                throw new StartRefusal(
                    $"Already running: process {Holder(path) ?? "unknown"} works on {path}. Stop it first, or set DOTMAC_DATA to another folder.",
                    ExitCodes.AlreadyRunning
                );
            }

            throw new StartRefusal($"DOTMAC_DATA: {path} cannot be used ({e.Message}). Set it to a folder of your own.", ExitCodes.Usage);
        }

        File.WriteAllText(PidPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new DataFolder(path, taken);
    }

    /// <summary>The process that works on the folder now, or null.</summary>
    public static string? RunningHolder(string path) =>
        Holder(path) is { } pid && Directory.Exists("/proc/" + pid) && IsHeld(path) ? pid : null;

    public void Dispose()
    {
        File.Delete(PidPath(Path));
        hold.Dispose();
    }

    private static string LockPath(string path) => System.IO.Path.Combine(path, "lock");

    private static string PidPath(string path) => System.IO.Path.Combine(path, "pid");

    private static bool IsHeld(string path)
    {
        try
        {
            using var probe = new FileStream(LockPath(path), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string? Holder(string path)
    {
        try
        {
            return File.ReadAllText(PidPath(path)).Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
