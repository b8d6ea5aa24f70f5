using System.Diagnostics;

namespace DotMac.SystemTests.Harness;

/// <summary>
/// The scratch folder of one test run and the promise that nothing outlives the run: a small shell waits on a pipe from this process and,
/// when the pipe closes for whatever reason (even kill -9), ends the registered processes and every PostgreSQL in the folder and removes it.
/// </summary>
public static class Workspace
{
    private const string Reaper = """
        trap '' INT TERM HUP
        pids=" "
        while read -r verb arg; do
            case $verb in
                add) pids="$pids$arg " ;;
                forget) pids=$(printf '%s' "$pids" | sed "s/ $arg / /") ;;
            esac
        done
        for pid in $pids; do kill -9 "$pid"; done
        for file in $(find "$1" -name postmaster.pid); do kill -QUIT "$(head -1 "$file")"; done
        sleep 0.5
        [ -n "$DOTMAC_KEEP" ] || rm -rf "$1"
        """;

    private static readonly Lock Gate = new();
    private static int folders;

    /// <summary>Others may enter it: PostgreSQL runs as an account of its own when the tests run as root.</summary>
    public static string Root { get; } = CreateRoot();

    private static readonly StreamWriter ToReaper = StartReaper();

    /// <summary>The repository's root folder.</summary>
    public static string Repository { get; } = FindRepository();

    public static string NewFolder(string name)
    {
        var path = Path.Combine(Root, $"{name}-{Interlocked.Increment(ref folders)}");
        Directory.CreateDirectory(path);
        return path;
    }

    public static void Track(int pid) => Tell("add", pid);

    public static void Forget(int pid) => Tell("forget", pid);

    private static void Tell(string verb, int pid)
    {
        lock (Gate)
        {
            ToReaper.WriteLine($"{verb} {pid}");
            ToReaper.Flush();
        }
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DotMac.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        }

        return folder;
    }

    private static string CreateRoot()
    {
        var path = Path.Combine("/tmp", "dotmac-tests-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(path);
        return path;
    }

    private static StreamWriter StartReaper()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec >/dev/null 2>&1\n" + Reaper);
        start.ArgumentList.Add("reaper");
        start.ArgumentList.Add(Root);
        return Process.Start(start)!.StandardInput;
    }
}
