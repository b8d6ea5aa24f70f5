using System.Diagnostics;
using System.Globalization;

namespace DotMac.Bench.Servers;

/// <summary>
/// The scratch folder of one run and the processes it started. A small shell waits on a pipe from this process and, when the pipe closes for
/// whatever reason, ends by their ids what is still running, and removes the folder: nothing outlives the run.
/// </summary>
internal sealed class Workshop : IDisposable
{
    private const string Reaper = """
        trap '' INT TERM HUP
        pids=
        while read -r pid; do pids="$pids $pid"; done
        for pid in $pids; do kill "$pid"; done
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            alive=
            for pid in $pids; do kill -0 "$pid" && alive=1; done
            [ -n "$alive" ] || break
            sleep 0.25
        done
        for pid in $pids; do kill -9 "$pid"; done
        for file in $(find "$1" -maxdepth 3 -name postmaster.pid); do kill -QUIT "$(head -1 "$file")"; done
        sleep 0.5
        rm -rf "$1"
        """;

    private readonly Process reaper;
    private int ended;

    public Workshop()
    {
        // Others may enter: PostgreSQL runs as an account of its own when we are root.
        Directory.CreateDirectory(Folder);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec >/dev/null 2>&1\n" + Reaper, "reaper", Folder])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        reaper = Process.Start(start)!;
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "dotmac-bench-" + Guid.NewGuid().ToString("N")[..8]);

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    /// <summary>Starts a server; both its outputs go to the file <c>name.log</c>.</summary>
    public Process Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", LogOf(name), program, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        reaper.StandardInput.WriteLine(process.Id);
        reaper.StandardInput.Flush();
        return process;
    }

    /// <summary>Waits until a server has said that line since its last start.</summary>
    public async Task WaitForAsync(string name, Process process, string text, TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        while (!(await ReadAsync(name)).Contains(text, StringComparison.Ordinal))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(since) > patience)
            {
                throw new InvalidOperationException(
                    $"{name} did not get ready:\n{string.Join('\n', (await ReadAsync(name)).Split('\n').TakeLast(30))}"
                );
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Ends a server as an operator would and forgets what it said.</summary>
    public async Task StopAsync(string name, Process process)
    {
        if (!process.HasExited)
        {
            await RunAsync("/bin/sh", "-c", "kill " + process.Id.ToString(CultureInfo.InvariantCulture));
            await process.WaitForExitAsync();
        }

        File.Delete(LogOf(name));
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? texts[0]
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {string.Concat(texts)}"
            );
    }

    /// <summary>Ends everything; a second call, after an interruption, does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, 1) == 1)
        {
            return;
        }

        reaper.StandardInput.Close();
        reaper.WaitForExit();
        reaper.Dispose();
    }

    private string LogOf(string name) => Path.Combine(Folder, name + ".log");

    private async Task<string> ReadAsync(string name) => File.Exists(LogOf(name)) ? await File.ReadAllTextAsync(LogOf(name)) : "";
}
