using System.Diagnostics;
using System.Text;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>A FreeRADIUS that serves from a folder of configuration, in its debugging mode.</summary>
public sealed class FreeRadius : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    private FreeRadius(Process process) => this.process = process;

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

    public static async Task<FreeRadius> StartAsync(string folder)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Peer.Require("freeradius"), ["-X", "-d", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        var server = new FreeRadius(process);
        process.OutputDataReceived += (_, line) => server.Append(line.Data);
        process.ErrorDataReceived += (_, line) => server.Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException(server.Output)
                    : Task.FromResult(server.Output.Contains("Ready to process requests", StringComparison.Ordinal)),
            "FreeRADIUS is ready",
            TimeSpan.FromSeconds(20)
        );
        return server;
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
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
