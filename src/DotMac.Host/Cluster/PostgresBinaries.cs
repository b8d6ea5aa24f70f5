using System.Globalization;

namespace DotMac.Host.Cluster;

/// <summary>The installed PostgreSQL server programs: the newest major version of at least 15.</summary>
/// <remarks><b>Source:</b> Debian's layout /usr/lib/postgresql/&lt;major&gt;/bin.</remarks>
internal sealed record PostgresBinaries(int Major, string Folder)
{
    public const int OldestMajor = 15;
    public const string Mend =
        "Install it with: apt-get install --no-install-recommends postgresql (or set DOTMAC_DATABASE to a server of your own).";

    public string InitDb => Path.Combine(Folder, "initdb");
    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Null when none is installed under <paramref name="root"/>.</summary>
    public static PostgresBinaries? Find(string root = "/usr/lib/postgresql")
    {
        if (!Directory.Exists(root))
        {
            return null;
        }

        return Directory
            .EnumerateDirectories(root)
            .Select(folder =>
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                    ? new PostgresBinaries(major, Path.Combine(folder, "bin"))
                    : null
            )
            .OfType<PostgresBinaries>()
            .Where(found => found.Major >= OldestMajor && File.Exists(found.InitDb) && File.Exists(found.PgCtl))
            .MaxBy(found => found.Major);
    }

    /// <summary>The binaries of exactly <paramref name="major"/>: a data folder only opens with its own version.</summary>
    public static PostgresBinaries? FindMajor(int major)
    {
        var folder = Path.Combine("/usr/lib/postgresql", major.ToString(CultureInfo.InvariantCulture), "bin");
        var found = new PostgresBinaries(major, folder);
        return File.Exists(found.InitDb) && File.Exists(found.PgCtl) ? found : null;
    }
}
