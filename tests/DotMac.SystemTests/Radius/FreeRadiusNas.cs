using System.Diagnostics;
using System.Globalization;
using System.Text;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// A real FreeRADIUS as the NAS's door for Disconnect-Requests: acknowledges every user but those named refuse…, whom it answers with
/// Session-Context-Not-Found, and stubborn…, whom it refuses without a reason. Prints each packet it takes.
/// </summary>
public sealed class FreeRadiusNas : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly Process process;

    private FreeRadiusNas(Process process) => this.process = process;

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

    public static async Task<FreeRadiusNas> StartAsync(string address, int port, string secret)
    {
        var folder = Workspace.NewFolder("freeradius");
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), Configuration(folder, address, port, secret));
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Peer.Require("freeradius"), ["-X", "-d", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        var nas = new FreeRadiusNas(process);
        process.OutputDataReceived += (_, line) => nas.Append(line.Data);
        process.ErrorDataReceived += (_, line) => nas.Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException(nas.Output)
                    : Task.FromResult(nas.Output.Contains("Ready to process requests", StringComparison.Ordinal)),
            "FreeRADIUS is ready",
            TimeSpan.FromSeconds(20)
        );
        return nas;
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

    private static string Configuration(string folder, string address, int port, string secret) =>
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
            security {
                allow_core_dumps = no
                max_attributes = 200
                reject_delay = 0
                status_server = no
            }
            client all {
                ipaddr = 127.0.0.0/8
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
                    ipaddr = {{address}}
                    port = {{port.ToString(CultureInfo.InvariantCulture)}}
                    virtual_server = coa
                }
                recv-coa {
                    if (&User-Name =~ /^refuse/) {
                        update reply {
                            &Error-Cause := Session-Context-Not-Found
                        }
                        reject
                    }
                    elsif (&User-Name =~ /^stubborn/) {
                        reject
                    }
                    else {
                        ok
                    }
                }
                send-coa {
                    ok
                }
            }

            """;
}
