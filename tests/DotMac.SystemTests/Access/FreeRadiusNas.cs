using System.Diagnostics;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Access;

/// <summary>
/// FreeRADIUS as the NAS's RFC 5176 listener: acknowledges a User-Name that begins with "ack", refuses others with
/// Session-Context-Not-Found, and logs what came.
/// </summary>
internal sealed class FreeRadiusNas : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> output;

    private FreeRadiusNas(Process process, Task<string> output, int port)
    {
        this.process = process;
        this.output = output;
        Port = port;
    }

    public int Port { get; }

    public static async Task<FreeRadiusNas> StartAsync(string secret)
    {
        var folder = Workspace.NewFolder("coa");
        var port = Ports.Udp();
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), Config(folder, port, secret));
        var start = new ProcessStartInfo(Peer.Require("freeradius"), ["-X", "-d", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        Workspace.Track(process.Id);
        var ready = new TaskCompletionSource();
        var output = ReadAsync(process, ready);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new FreeRadiusNas(process, output, port);
    }

    /// <summary>Ends it and gives its debug log.</summary>
    public async Task<string> StopAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        Workspace.Forget(process.Id);
        return await output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await StopAsync();
        }

        process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process, TaskCompletionSource ready)
    {
        var log = new System.Text.StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            log.AppendLine(line);
            if (line.Contains("Ready to process requests", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        }

        ready.TrySetException(new InvalidOperationException("freeradius ended: " + log));
        return log.ToString();
    }

    private static string Config(string folder, int port, string secret) =>
        $$"""
            prefix = /usr
            localstatedir = {{folder}}
            logdir = {{folder}}
            raddbdir = {{folder}}
            run_dir = {{folder}}
            libdir = /usr/lib/freeradius
            pidfile = {{folder}}/pid
            max_requests = 1024
            log {
                destination = stdout
            }
            security {
                allow_core_dumps = no
            }
            client platform {
                ipaddr = 127.0.0.1
                secret = {{secret}}
                require_message_authenticator = yes
            }
            modules {
                always ok {
                    rcode = ok
                }
                always reject {
                    rcode = reject
                }
            }
            server coa {
                listen {
                    type = coa
                    ipaddr = 127.0.0.1
                    port = {{port}}
                }
                recv-coa {
                    if (&User-Name =~ /^ack/) {
                        ok
                    }
                    else {
                        update reply {
                            Error-Cause := Session-Context-Not-Found
                        }
                        reject
                    }
                }
                send-coa {
                    ok
                }
            }

            """;
}
