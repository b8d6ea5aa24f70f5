using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// A real FreeRADIUS as somebody else's server: knows a few users by files, speaks PAP, CHAP, EAP-MD5, PEAP/MSCHAPv2 and TTLS/PAP, answers
/// Status-Server, acknowledges accounting, and prints each packet it takes.
/// </summary>
public sealed class FreeRadiusUpstream : IAsyncDisposable
{
    public const string Secret = "upstream-secret-42";
    public const string Password = "upstream-pass-7";
    private readonly StringBuilder output = new();
    private readonly string folder;
    private Process process = null!;

    private FreeRadiusUpstream(string folder, string name)
    {
        this.folder = folder;
        Name = name;
    }

    /// <summary>It says so in Reply-Message.</summary>
    public string Name { get; }

    public int AuthPort { get; private init; }
    public int AcctPort { get; private init; }

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

    public static async Task<FreeRadiusUpstream> StartAsync(string name)
    {
        var folder = Workspace.NewFolder("upstream");
        var server = new FreeRadiusUpstream(folder, name) { AuthPort = Ports.Udp(), AcctPort = Ports.Udp() };
        WriteCertificate(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), Users(name));
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), server.Configuration());
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        lock (output)
        {
            output.Clear();
        }

        process = new Process
        {
            StartInfo = new ProcessStartInfo(Peer.Require("freeradius"), ["-X", "-d", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        Workspace.Track(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(
            () =>
                process.HasExited
                    ? throw new InvalidOperationException(Output)
                    : Task.FromResult(Output.Contains("Ready to process requests", StringComparison.Ordinal)),
            "FreeRADIUS is ready",
            TimeSpan.FromSeconds(90)
        );
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        Workspace.Forget(process.Id);
    }

    /// <summary>Silent, but its port still takes packets: the harder failure.</summary>
    public void Freeze() => Signal(PosixSignal.SIGTSTP, "STOP");

    public void Thaw() => Signal(PosixSignal.SIGCONT, "CONT");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Signal(PosixSignal _, string name)
    {
        using var kill = Process.Start("/bin/kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Append(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static void WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=upstream.example.net", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(
            Path.Combine(folder, "server.pem"),
            certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"
        );
    }

    private static string Users(string name) =>
        $$"""
            DEFAULT User-Name =~ "^roamer", Cleartext-Password := "{{Password}}"
                Reply-Message = "{{name}}",
                Framed-IP-Address = 198.51.100.7,
                Filter-Id = "upstream-filter",
                Tunnel-Type:1 = L2TP,
                Tunnel-Password:1 = "tunnel-secret-99",
                Session-Timeout = 1234

            """;

    private string Configuration() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            prefix = /usr
            libdir = /usr/lib/freeradius
            logdir = {{folder}}
            raddbdir = {{folder}}
            run_dir = {{folder}}
            pidfile = {{folder}}/pid
            max_request_time = 30
            max_requests = 4096
            hostname_lookups = no
            log {
                destination = stdout
                auth = no
            }
            security {
                allow_core_dumps = no
                max_attributes = 200
                reject_delay = 0
                status_server = yes
            }
            client all {
                ipaddr = 127.0.0.0/8
                secret = {{Secret}}
                require_message_authenticator = yes
            }
            thread pool {
                start_servers = 2
                max_servers = 4
                min_spare_servers = 1
                max_spare_servers = 2
            }
            modules {
                always ok {
                    rcode = ok
                }
                pap {
                }
                chap {
                }
                mschap {
                    use_mppe = yes
                }
                files {
                    filename = {{folder}}/users
                }
                eap {
                    default_eap_type = md5
                    timer_expire = 60
                    max_sessions = 1024
                    md5 {
                    }
                    mschapv2 {
                    }
                    tls-config common {
                        private_key_file = {{folder}}/server.pem
                        certificate_file = {{folder}}/server.pem
                        ca_file = {{folder}}/server.pem
                        random_file = /dev/urandom
                        cipher_list = "DEFAULT"
                        tls_min_version = "1.2"
                        tls_max_version = "1.2"
                    }
                    ttls {
                        tls = common
                        default_eap_type = md5
                        copy_request_to_tunnel = no
                        use_tunneled_reply = yes
                        virtual_server = "inner"
                    }
                    peap {
                        tls = common
                        default_eap_type = mschapv2
                        copy_request_to_tunnel = no
                        use_tunneled_reply = yes
                        virtual_server = "inner"
                    }
                }
                detail {
                    filename = {{folder}}/detail
                }
            }
            server outer {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{AuthPort}}
                }
                listen {
                    type = acct
                    ipaddr = 127.0.0.1
                    port = {{AcctPort}}
                }
                authorize {
                    eap {
                        ok = return
                    }
                    files
                    chap
                    mschap
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    Auth-Type CHAP {
                        chap
                    }
                    Auth-Type MS-CHAP {
                        mschap
                    }
                    eap
                }
                preacct {
                }
                accounting {
                    detail
                    ok
                }
                post-auth {
                }
            }
            server inner {
                authorize {
                    files
                    eap {
                        ok = return
                    }
                    mschap
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    Auth-Type MS-CHAP {
                        mschap
                    }
                    eap
                }
                post-auth {
                    update outer.session-state {
                        &User-Name := &request:User-Name
                    }
                }
            }

            """
        );
}
