using System.Diagnostics;
using System.Text;

namespace DotMac.SystemTests.Harness;

/// <summary>A real FreeRADIUS in its debugging mode: from a folder of configuration, or with the clients, modules and servers of one test.</summary>
public sealed class FreeRadiusPeer : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    private FreeRadiusPeer(Process process) => this.process = process;

    /// <summary>What it has said so far: each packet it took, and what it made of it.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <param name="sections">Everything behind the general settings: client, modules, home_server, server …; each brace on a line of its own.</param>
    /// <param name="threads">TLS servers need them.</param>
    public static async Task<FreeRadiusPeer> StartAsync(string sections, bool threads = false)
    {
        var folder = Workspace.NewFolder("freeradius");
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), General(folder) + sections);
        return await StartFromAsync(folder, threads);
    }

    public static async Task<FreeRadiusPeer> StartFromAsync(string folder, bool threads = false)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                Peer.Require("freeradius"),
                threads ? ["-fxx", "-l", "stdout", "-d", folder] : ["-X", "-d", folder]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        var peer = new FreeRadiusPeer(process);
        process.OutputDataReceived += (_, line) => peer.Append(line.Data);
        process.ErrorDataReceived += (_, line) => peer.Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException(peer.Output)
                    : Task.FromResult(peer.Output.Contains("Ready to process requests", StringComparison.Ordinal)),
            "FreeRADIUS is ready",
            TimeSpan.FromSeconds(90)
        );
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Workspace.Forget(process.Id);
        process.Dispose();
    }

    private void Append(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static string General(string folder) =>
        $$"""
            prefix = /usr
            libdir = /usr/lib/freeradius
            logdir = {{folder}}
            raddbdir = {{folder}}
            run_dir = {{folder}}
            pidfile = {{folder}}/pid
            max_request_time = 30
            max_requests = 1024
            hostname_lookups = no
            log {
                destination = stdout
                auth = no
            }
            thread pool {
                start_servers = 2
                max_servers = 8
                min_spare_servers = 1
                max_spare_servers = 4
            }
            security {
                allow_core_dumps = no
                max_attributes = 200
                reject_delay = 0
                status_server = yes
            }

            """;
}
