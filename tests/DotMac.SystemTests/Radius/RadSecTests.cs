using System.Globalization;
using DotMac.Radius.Client;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>RADIUS over TLS against FreeRADIUS in both roles, and who is let in by which certificate.</summary>
public sealed class RadSecTests(RadSecFixture host) : IClassFixture<RadSecFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PeerFact("freeradius", "radclient", "openssl")]
    public async Task FreeRadius_reaches_us_over_tls_with_logins_and_accounting_on_one_connection()
    {
        var name = RadiusFixture.NewName("site") + ".example";
        await host.MakeAsync(name, name);
        var nas = await NasAsync(name);
        var user = await host.SubscriberAsync(new { framed_ipv4_address = "100.64.9.9", simultaneous_use = 0 });
        var (authPort, acctPort) = (Ports.Udp(), Ports.Udp());
        await using var site = await FreeRadiusPeer.StartAsync(Site(name, authPort, acctPort));

        var accept = await nas.RadclientAsync(
            $"User-Name = {user.Username}\nUser-Password = {user.Password}",
            secret: "site-secret",
            port: authPort
        );
        accept.ShouldBe("Access-Accept");
        accept["Framed-IP-Address"].ShouldBe(["100.64.9.9"], accept.Output + site.Output);
        var reject = await nas.RadclientAsync($"User-Name = {user.Username}\nUser-Password = no", secret: "site-secret", port: authPort);
        reject.ShouldBe("Access-Reject");

        foreach (var status in new[] { "Start", "Interim-Update", "Stop" })
        {
            var session = $"""
                User-Name = {user.Username}
                Acct-Session-Id = tls-1
                Acct-Status-Type = {status}
                NAS-IP-Address = {nas.Address}
                NAS-Port = 7
                Acct-Session-Time = 60
                Acct-Input-Octets = 1000
                Acct-Output-Octets = 2000
                Framed-IP-Address = 100.64.9.9
                """;
            (await nas.RadclientAsync(session, "acct", "site-secret", port: acctPort)).ShouldBe("Accounting-Response");
        }

        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM radacct WHERE nas_id = @Id AND acctsessionid = 'tls-1' AND acctstoptime IS NOT NULL AND acctoutputoctets = 2000",
                    new { nas.Id }
                ) == 1,
            "the session is accounted to the NAS of the certificate"
        );
        (await host.DecisionsAsync(nas, 2)).ShouldBe(["accepted", "password.wrong"]);
        var connections = site
            .Output.Split('\n')
            .Count(line => line.Contains("Trying new outgoing proxy connection", StringComparison.Ordinal));
        connections.ShouldBe(1, site.Output);
    }

    [PeerFact("freeradius", "openssl")]
    public async Task Our_client_reaches_freeradius_over_tls_with_many_requests_at_once()
    {
        await host.MakeAsync("our-client", "our-client.example");
        await host.MakeAsync("their-server", "their-server.example", "DNS:their-server.example");
        var port = Ports.Tcp();
        await using var server = await FreeRadiusPeer.StartAsync(Server(port), threads: true);
        await using var client = Client(port, "our-client", "their-server.example");

        var accept = await client.SendAsync(Login("tls-user", "tls-password"), Patience, default);
        accept.Code.ShouldBe(PacketCode.AccessAccept, client.LastFailure + server.Output);
        (await client.SendAsync(Login("tls-user", "wrong"), Patience, default)).Code.ShouldBe(PacketCode.AccessReject);
        var accounting = new RequestBuilder(PacketCode.AccountingRequest).Add("Acct-Status-Type", "Start").Add("Acct-Session-Id", "1");
        (await client.SendAsync(accounting, Patience, default)).Code.ShouldBe(PacketCode.AccountingResponse, server.Output);

        var many = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => client.SendAsync(Login("tls-user", "tls-password"), TimeSpan.FromSeconds(30), default))
        );
        many.ShouldAllBe(answer => answer.Code == PacketCode.AccessAccept);

        await using var misled = Client(port, "our-client", "another-server.example");
        (await misled.SendAsync(Login("tls-user", "x"), Patience, default)).Outcome.ShouldBe(ExchangeOutcome.Unreachable);
        misled.LastFailure!.ShouldContain("not for another-server.example");
    }

    [PeerFact("openssl")]
    public async Task The_certificate_decides_who_a_nas_is_and_the_address_only_for_one_without_a_name()
    {
        await host.MakeAsync("known", "known.example", "DNS:known-nas.example");
        await host.MakeAsync("stranger", "stranger.example");
        await host.MakeIssuerAsync("other-ca");
        await host.MakeAsync("forged", "known-nas.example", issuer: "other-ca");
        var named = await NasAsync("Known-NAS.example");
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });

        await using var known = Client(host.RadSecPort, "known", "localhost");
        (await known.SendAsync(Login(user.Username, user.Password), Patience, default)).Code.ShouldBe(
            PacketCode.AccessAccept,
            known.LastFailure
        );
        (await host.DecisionsAsync(named, 1)).ShouldBe(["accepted"]);

        foreach (var other in new[] { "stranger", "forged" })
        {
            await using var refused = Client(host.RadSecPort, other, "localhost");
            (await refused.SendAsync(Login(user.Username, user.Password), Patience, default)).Outcome.ShouldBe(
                ExchangeOutcome.Unreachable,
                other
            );
        }

        // Any certificate of ours is enough for a NAS that is known by its address alone.
        var plain = await host.NasAsync(address: "127.0.0.1");
        await using var byAddress = Client(host.RadSecPort, "stranger", "localhost");
        (await byAddress.SendAsync(Login(user.Username, user.Password), Patience, default)).Code.ShouldBe(PacketCode.AccessAccept);
        (await host.DecisionsAsync(plain, 1)).ShouldBe(["accepted"]);

        var taken = await host.Admin.PostAsync(
            "/api/v1/radius/nas",
            new
            {
                nasname = RadiusFixture.NewAddress(),
                shortname = RadiusFixture.NewName("twin"),
                secret = "0123456789",
                radsec_name = "known-nas.EXAMPLE",
            }
        );
        taken.ShouldHave(System.Net.HttpStatusCode.Conflict).Text.ShouldContain("nas.radsec_name_taken");
    }

    [PeerFact("openssl")]
    public async Task Wrong_settings_stop_the_start_and_say_which()
    {
        await host.MakeAsync("another", "another.example");
        var (code, output) = await HostProcess.RunAsync(
            new HostOptions
            {
                Environment = new Dictionary<string, string>
                {
                    ["DOTMAC_RADSEC_PORT"] = "2083",
                    ["DOTMAC_RADSEC_CERTIFICATE"] = host.File("server.crt"),
                    ["DOTMAC_RADSEC_KEY"] = host.File("another.key"),
                    ["DOTMAC_RADSEC_CA"] = host.File("nowhere.crt"),
                },
            }
        );

        code.ShouldBe(2, output);
        output.ShouldContain("DOTMAC_RADSEC_CERTIFICATE: ");
        output.ShouldContain("do not belong together");
        output.ShouldContain("DOTMAC_RADSEC_CA: " + host.File("nowhere.crt") + " does not exist");
        output.ShouldNotContain("   at ");
    }

    private static RequestBuilder Login(string username, string password) =>
        new RequestBuilder(PacketCode.AccessRequest).WithMessageAuthenticator().Add("User-Name", username).UserPassword(password);

    private RadSecClient Client(int port, string identity, string serverName) =>
        new(
            new RadSecClientOptions
            {
                Host = "127.0.0.1",
                Port = port,
                ServerName = serverName,
                Certificate = host.Identity(identity),
                TrustedIssuers = host.Issuer,
            },
            TimeProvider.System
        );

    private async Task<TestNas> NasAsync(string radsecName)
    {
        var nas = await host.NasAsync();
        (await host.Admin.PatchAsync($"/api/v1/radius/nas/{nas.Id}", new { radsec_name = radsecName })).ShouldHave(
            System.Net.HttpStatusCode.OK
        );
        await host.SettleAsync();
        return nas;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private string Tls(string identity) =>
        $$"""
                tls {
                    private_key_file = {{host.File(identity + ".key")}}
                    certificate_file = {{host.File(identity + ".crt")}}
                    ca_file = {{host.File("ca.crt")}}
                    fragment_size = 8192
                    require_client_cert = yes
                    tls_min_version = "1.2"
                    tls_max_version = "1.2"
                    ecdh_curve = ""
                }
            """;

    private string Site(string identity, int authPort, int acctPort) =>
        $$"""
            proxy_requests = yes
            client all {
                ipaddr = 127.0.0.0/8
                secret = site-secret
            }
            proxy server {
                default_fallback = no
            }
            home_server dotmac {
                type = auth+acct
                ipaddr = 127.0.0.1
                port = {{Text(host.RadSecPort)}}
                proto = tcp
                secret = radsec
                status_check = none
            {{Tls(identity)}}
            }
            home_server_pool dotmac {
                type = fail-over
                home_server = dotmac
            }
            realm dotmac {
                auth_pool = dotmac
                acct_pool = dotmac
                nostrip
            }
            modules {
                always ok {
                    rcode = ok
                }
            }
            server site {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{Text(authPort)}}
                }
                listen {
                    type = acct
                    ipaddr = 127.0.0.1
                    port = {{Text(acctPort)}}
                }
                authorize {
                    update control {
                        &Proxy-To-Realm := dotmac
                    }
                }
                preacct {
                    update control {
                        &Proxy-To-Realm := dotmac
                    }
                }
                accounting {
                    ok
                }
            }

            """;

    private string Server(int port) =>
        $$"""
            modules {
                pap {
                }
                always ok {
                    rcode = ok
                }
            }
            clients radsec {
                client all {
                    ipaddr = 127.0.0.1
                    proto = tls
                    secret = radsec
                }
            }
            server radsec {
                listen {
                    type = auth+acct
                    proto = tcp
                    ipaddr = 127.0.0.1
                    port = {{Text(port)}}
                    clients = radsec
            {{Tls("their-server")}}
                }
                authorize {
                    update control {
                        &Cleartext-Password := "tls-password"
                    }
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                }
                accounting {
                    ok
                }
            }

            """;
}
