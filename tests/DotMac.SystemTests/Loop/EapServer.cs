using System.Globalization;
using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>
/// A FreeRADIUS that ends EAP (MD5, MSCHAPv2, TTLS, PEAP) for the users it is told; it knows nothing of addresses, rates or sessions.
/// </summary>
public sealed class EapServer : IAsyncDisposable
{
    public const string Name = "eap.example.net";
    private const string Secret = "upstream-secret-7d2k1";
    private readonly FreeRadiusPeer server;

    private EapServer(FreeRadiusPeer server, int port, string authority)
    {
        this.server = server;
        Port = port;
        Authority = authority;
    }

    public int Port { get; }

    /// <summary>Path of the certificate authority behind its TLS certificate.</summary>
    public string Authority { get; }

    public string Log => server.Output;

    public static async Task<EapServer> StartAsync(params (string Name, string Password)[] users)
    {
        var folder = Workspace.NewFolder("eap");
        var port = Ports.Udp();
        var certificates = new TestCertificates(Name);
        var authority = Path.Combine(folder, "ca.pem");
        await certificates.WriteAuthorityAsync(authority);
        await certificates.WriteServerAsync(Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.key"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "users"),
            string.Concat(users.Select(u => $"{u.Name} Cleartext-Password := \"{u.Password}\"\n"))
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), Configuration(folder, port));
        return new EapServer(await FreeRadiusPeer.StartFromAsync(folder), port, authority);
    }

    /// <summary>Has the platform pass EAP on to it; answers the way's place in the API.</summary>
    public async Task<string> RegisterAsync(LoopFixture host)
    {
        var body = new
        {
            name = RadiusFixture.NewName("eap"),
            servers = new[] { new { address = "127.0.0.1", auth_port = Port } },
            secret = Secret,
            eap = true,
        };
        var made = (await host.Admin.PostAsync("/api/v1/radius/upstreams", body)).ShouldHave(HttpStatusCode.Created);
        var nas = await host.NasAsync();
        await Eventually.IsTrueAsync(
            async () => (await nas.SendAsync(Identity())).Code == PacketCode.AccessChallenge,
            "EAP is passed on to the new upstream"
        );
        return $"/api/v1/radius/upstreams/{made["id"].GetString()}";
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static RequestBuilder Identity() =>
        new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", "anybody")
            .Add(AttributeType.EapMessage, [2, 0, 0, 12, 1, .. "anybody"u8]);

    private static string Configuration(string folder, int port) =>
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
            }
            security {
                allow_core_dumps = no
                reject_delay = 0
                status_server = yes
            }
            client platform {
                ipaddr = 127.0.0.1
                secret = {{Secret}}
                require_message_authenticator = yes
            }
            modules {
                always ok {
                    rcode = ok
                }
                always reject {
                    rcode = reject
                }
                files {
                    filename = {{folder}}/users
                }
                pap {
                }
                mschap {
                    use_mppe = yes
                }
                eap {
                    default_eap_type = md5
                    timer_expire = 60
                    max_sessions = 1024
                    tls-config common {
                        private_key_file = {{folder}}/server.key
                        certificate_file = {{folder}}/server.pem
                        ca_file = {{folder}}/ca.pem
                        tls_min_version = "1.2"
                        tls_max_version = "1.2"
                        ecdh_curve = "prime256v1"
                        cache {
                            enable = no
                        }
                    }
                    md5 {
                    }
                    mschapv2 {
                    }
                    ttls {
                        tls = common
                        default_eap_type = md5
                        virtual_server = inner
                    }
                    peap {
                        tls = common
                        default_eap_type = mschapv2
                        virtual_server = inner
                    }
                }
            }
            server eap {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{port.ToString(CultureInfo.InvariantCulture)}}
                }
                authorize {
                    files
                    eap {
                        ok = return
                    }
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    mschap
                    eap
                }
            }
            server inner {
                authorize {
                    files
                    mschap
                    eap {
                        ok = return
                    }
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    mschap
                    eap
                }
            }

            """;
}
