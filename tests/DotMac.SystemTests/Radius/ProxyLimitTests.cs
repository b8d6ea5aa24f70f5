using System.Globalization;
using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>The proxy at its edges, with real FreeRADIUS: servers in turn, requests that come back to us, more requests than a server may hold.</summary>
public sealed class ProxyLimitTests(ProxyFixture host) : IClassFixture<ProxyFixture>
{
    [PeerFact("freeradius")]
    public async Task Balance_spreads_users_over_the_servers_and_keeps_each_with_one()
    {
        await UpstreamAsync("balanced", "balance", [host.First, host.Second]);
        var servers = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        for (var i = 0; i < 60; i++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"roamer-{i % 20}@balanced.example");
            var station = string.Create(CultureInfo.InvariantCulture, $"02:00:5E:00:00:{i % 20:X2}");
            var answer = await host.Nas.AccessAsync(user, FreeRadiusUpstream.Password, ("Calling-Station-Id", station));
            answer.Code.ShouldBe(PacketCode.AccessAccept);
            answer.TryRead(out var packet).ShouldBeTrue();
            packet.TryGetText(AttributeType.ReplyMessage, out var who).ShouldBeTrue();
            (servers.TryGetValue(user, out var of) ? of : servers[user] = new(StringComparer.Ordinal)).Add(who!);
        }

        servers.Values.ShouldAllBe(of => of.Count == 1, "a user stays with a server");
        servers
            .Values.Select(of => of.Single())
            .GroupBy(s => s)
            .ToDictionary(g => g.Key, g => g.Count())
            .ShouldSatisfyAllConditions(
                counts => counts.Keys.Order().ShouldBe(["first", "second"]),
                counts => counts.Values.ShouldAllBe(n => n >= 3)
            );
    }

    [PeerFact("freeradius")]
    public async Task A_request_that_an_upstream_sends_back_to_us_does_not_go_round()
    {
        // That server is a NAS of ours, too: it passes on what we pass on.
        var back = await host.NasAsync();
        var port = Ports.Udp();
        await using var mirror = await FreeRadiusPeer.StartAsync(Mirror(port, back));
        var body = new
        {
            name = "mirror",
            secret = FreeRadiusUpstream.Secret,
            servers = new[] { new { address = "127.0.0.1", auth_port = port } },
            realms = new[] { "mirror.example" },
            response_window_ms = 500,
            status_server = false,
            require_message_authenticator = false,
        };
        (await host.Admin.PostAsync("/api/v1/radius/upstreams", body)).ShouldHave(HttpStatusCode.Created);
        await host.SettleAsync();
        var dropped = await host.DroppedAsync("auth", "proxy_loop");
        var answer = await host.Nas.AccessAsync("somebody@mirror.example", "x");
        answer.Code.ShouldNotBe(PacketCode.AccessAccept);
        (await host.DroppedAsync("auth", "proxy_loop")).ShouldBeGreaterThan(dropped);
        await Task.Delay(1_000);
        var seen = mirror.Output.Split('\n').Count(l => l.Contains("Received Access-Request", StringComparison.Ordinal));
        seen.ShouldBeInRange(1, 8, "each sending of the NAS passes the mirror once");
    }

    [PeerFact("freeradius")]
    public async Task A_server_holds_so_many_requests_and_whoever_comes_then_is_told_at_once()
    {
        const int Sent = 5_000;
        const int Held = 4_096; // sixteen sockets of 256 identifiers (RFC 2865 §3)
        await UpstreamAsync("crowded", "failover", [host.First], windowMs: 30_000);
        var sockets = new List<Datagrams>();
        host.First.Freeze();
        try
        {
            for (var i = 0; i < Sent; i++)
            {
                if (i % 256 == 0)
                {
                    sockets.Add(host.Nas.Open());
                    await Task.Delay(10);
                }

                var user = string.Create(CultureInfo.InvariantCulture, $"roamer-{i}@crowded.example");
                var request = new RequestBuilder(PacketCode.AccessRequest, (byte)i)
                    .WithMessageAuthenticator()
                    .Add("User-Name", user)
                    .UserPassword(FreeRadiusUpstream.Password);
                await sockets[^1].SendAsync(request.Build(host.Nas.SecretBytes));
            }

            var told = 0;
            foreach (var socket in sockets)
            {
                while (await socket.ReceiveAsync(0.3) is { } reply)
                {
                    ((PacketCode)reply[0]).ShouldBe(PacketCode.AccessReject);
                    told++;
                }
            }

            told.ShouldBeInRange(Sent - Held - 50, Sent - 1_000, "those beyond what the server may hold, and only those");
            var ours = await host.SubscriberAsync();
            (await host.Nas.AccessAsync(ours.Username, ours.Password)).Code.ShouldBe(PacketCode.AccessAccept, "our own logins do not wait");
        }
        finally
        {
            host.First.Thaw();
            sockets.ForEach(s => s.Dispose());
        }

        await Eventually.IsTrueAsync(
            async () =>
                (await host.Nas.AccessAsync("roamer-after@crowded.example", FreeRadiusUpstream.Password)).Code == PacketCode.AccessAccept,
            "afterwards it serves again",
            TimeSpan.FromSeconds(60)
        );
    }

    private async Task UpstreamAsync(string name, string strategy, IReadOnlyList<FreeRadiusUpstream> servers, int windowMs = 2_000)
    {
        var body = new
        {
            name,
            strategy,
            secret = FreeRadiusUpstream.Secret,
            servers = servers.Select(s => new
            {
                address = "127.0.0.1",
                auth_port = s.AuthPort,
                acct_port = s.AcctPort,
            }),
            realms = new[] { name + ".example" },
            response_window_ms = windowMs,
            require_message_authenticator = false,
        };
        (await host.Admin.PostAsync("/api/v1/radius/upstreams", body)).ShouldHave(HttpStatusCode.Created);
        await host.SettleAsync();
    }

    private string Mirror(int port, TestNas back) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            proxy_requests = yes
            client platform {
                ipaddr = 127.0.0.1
                secret = {{FreeRadiusUpstream.Secret}}
            }
            proxy server {
                default_fallback = no
            }
            home_server platform {
                type = auth
                ipaddr = 127.0.0.1
                port = {{host.Host.RadiusAuthPort}}
                src_ipaddr = {{back.Address}}
                secret = {{back.Secret}}
                status_check = none
            }
            home_server_pool platform {
                type = fail-over
                home_server = platform
            }
            realm platform {
                auth_pool = platform
                nostrip
            }
            modules {
                always ok {
                    rcode = ok
                }
            }
            server mirror {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{port}}
                }
                authorize {
                    update control {
                        &Proxy-To-Realm := platform
                    }
                }
            }

            """
        );
}
