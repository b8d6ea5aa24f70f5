using System.Diagnostics;
using System.Globalization;
using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Xunit.Abstractions;

namespace DotMac.SystemTests.Radius;

/// <summary>Two real FreeRADIUS behind a host: the first is preferred, the second takes over.</summary>
public sealed class ProxyFixture : RadiusFixture
{
    public FreeRadiusUpstream First { get; private set; } = null!;
    public FreeRadiusUpstream Second { get; private set; } = null!;
    public Guid Upstream { get; private set; }
    public TestNas Nas { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        First = await FreeRadiusUpstream.StartAsync("first");
        Second = await FreeRadiusUpstream.StartAsync("second");
        var body = new
        {
            name = "roaming",
            secret = FreeRadiusUpstream.Secret,
            servers = new[] { Server(First), Server(Second) },
            realms = new[] { "partner.example" },
            eap = true,
            forward_accounting = true,
            response_window_ms = 2_000,
            // Debian's FreeRADIUS 3.2.1 signs with Message-Authenticator only what carries EAP.
            require_message_authenticator = false,
        };
        var made = (await Admin.PostAsync("/api/v1/radius/upstreams", body)).ShouldHave(HttpStatusCode.Created);
        Upstream = made["id"].GetGuid();
        Nas = await NasAsync();
        await SettleAsync();

        static object Server(FreeRadiusUpstream s) =>
            new
            {
                address = "127.0.0.1",
                auth_port = s.AuthPort,
                acct_port = s.AcctPort,
            };
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    public async Task<string[]> StatesAsync() =>
        [
            .. (await Admin.GetAsync($"/api/v1/radius/upstreams/{Upstream}"))
                .ShouldHave(HttpStatusCode.OK)["servers"]
                .EnumerateArray()
                .Select(s => s.GetProperty("state").GetString()!),
        ];
}

/// <summary>EAP and foreign realms through our server to real FreeRADIUS, as a NAS and its supplicant see it.</summary>
public sealed class ProxyTests(ProxyFixture host, ITestOutputHelper output) : IClassFixture<ProxyFixture>
{
    private const string User = "roamer@partner.example";
    private const string Right = FreeRadiusUpstream.Password;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PeerTheory("freeradius", "eapol_test")]
    [InlineData("MD5", "")]
    [InlineData("PEAP", "auth=MSCHAPV2")]
    [InlineData("TTLS", "auth=PAP")]
    public async Task Eap_passes_through(string method, string inner)
    {
        (await EapAsync(method, inner, Right)).ShouldBe(0);
        (await EapAsync(method, inner, "wrong")).ShouldNotBe(0);
        (await host.DecisionsAsync(host.Nas, 2)).ShouldContain("proxied.accepted");
    }

    [PeerFact("freeradius")]
    public async Task Pap_and_chap_of_a_foreign_realm_are_decided_there()
    {
        var accept = await host.Nas.RadclientAsync(
            $"User-Name = {User}\nUser-Password = {Right}\nProxy-State = 0xaa\nProxy-State = 0xbb01"
        );
        accept.ShouldBe("Access-Accept");
        accept["Reply-Message"].ShouldNotBeEmpty();
        accept["Tunnel-Password:1"].ShouldBe(["tunnel-secret-99"], "hidden anew for the NAS's secret");
        accept["Proxy-State"].ShouldBe(["0xaa", "0xbb01"], "the NAS's own, in order, and none of ours");
        accept.Attributes[0].Name.ShouldBe("Message-Authenticator");
        (await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = wrong")).ShouldBe("Access-Reject");
        (await host.Nas.RadclientAsync($"User-Name = {User}\nCHAP-Password = {Right}")).ShouldBe("Access-Accept");
        (await host.Nas.RadclientAsync($"User-Name = {User}\nCHAP-Password = wrong")).ShouldBe("Access-Reject");
    }

    [Fact]
    public async Task A_realm_that_no_upstream_takes_is_unknown_here()
    {
        var nas = await host.NasAsync();
        (await nas.AccessAsync("somebody@elsewhere.example", "x")).Code.ShouldBe(PacketCode.AccessReject);
        (await host.DecisionsAsync(nas, 1)).ShouldBe(["login.unknown"]);
    }

    [PeerFact("freeradius")]
    public async Task A_login_of_ours_whom_the_upstream_accepts_gets_its_own_line()
    {
        var name = RadiusFixture.NewName("roamer") + "@partner.example";
        await host.SubscriberAsync(new { framed_ipv4_address = "203.0.113.77", simultaneous_use = 0 }, name);
        var (code, text) = await EapOutputAsync("MD5", "", name, Right);
        code.ShouldBe(0, text);
        // Attribute 8 (Framed-IP-Address), as eapol_test prints the accept: ours; Filter-Id is the upstream's, who alone sent one.
        text.ShouldContain("Value: 203.0.113.77");
        text.ShouldNotContain("Value: 198.51.100.7");
        text.ShouldContain("Attribute 11 (");
    }

    [PeerFact("freeradius")]
    public async Task A_disabled_login_of_ours_stays_outside_although_the_upstream_accepts()
    {
        var name = RadiusFixture.NewName("roamer") + "@partner.example";
        await host.SubscriberAsync(new { enabled = false }, name);
        var nas = await host.NasAsync();
        (await EapAsync("MD5", "", Right, name, nas)).ShouldNotBe(0);
        (await host.DecisionsAsync(nas, 1)).ShouldBe(["login.disabled"]);
    }

    [PeerFact("freeradius", "eapol_test")]
    public async Task When_the_first_server_dies_the_second_takes_over_and_the_first_comes_back()
    {
        await Eventually.IsTrueAsync(
            async () => (await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = {Right}"))["Reply-Message"] is ["first"],
            "the first is preferred",
            Patience
        );
        await host.First.KillAsync();
        var start = Stopwatch.GetTimestamp();
        var accept = (await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = {Right}")).ShouldBe("Access-Accept");
        output.WriteLine(
            $"killed: answered by the second after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms (radclient's start included)"
        );
        accept["Reply-Message"].ShouldBe(["second"]);
        (await EapAsync("PEAP", "auth=MSCHAPV2", Right)).ShouldBe(0, "a whole conversation with the second");
        await Eventually.IsTrueAsync(async () => (await host.StatesAsync())[0] != "alive", "the API says so", Patience);

        await host.First.StartAgainAsync();
        await Eventually.IsTrueAsync(
            async () => (await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = {Right}"))["Reply-Message"] is ["first"],
            "Status-Server found the first alive again",
            Patience
        );

        // Frozen: the port takes packets and nothing answers, so only the response window tells.
        host.First.Freeze();
        try
        {
            start = Stopwatch.GetTimestamp();
            (await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = {Right}"))["Reply-Message"].ShouldBe(["second"]);
            var took = Stopwatch.GetElapsedTime(start);
            output.WriteLine($"frozen: answered by the second after {took.TotalMilliseconds:0} ms, window 2 s");
            took.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1_900));
            start = Stopwatch.GetTimestamp();
            var next = await host.Nas.RadclientAsync($"User-Name = {User}\nUser-Password = {Right}");
            next["Reply-Message"].ShouldBe(["second"], next.Output + string.Join(' ', await host.StatesAsync()));
            output.WriteLine($"the next: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }
        finally
        {
            host.First.Thaw();
        }

        await Eventually.IsTrueAsync(async () => (await host.StatesAsync()) is ["alive", _], "the first is back", Patience);
    }

    [PeerFact("freeradius")]
    public async Task Accounting_of_a_foreign_realm_is_kept_here_and_sent_there()
    {
        var session = RadiusFixture.NewName("abroad");
        await host.Nas.AccountAsync("Start", ("User-Name", User), ("Acct-Session-Id", session), ("NAS-IP-Address", host.Nas.Address));
        await Eventually.IsTrueAsync(
            () => Task.FromResult((host.First.Output + host.Second.Output).Contains(session, StringComparison.Ordinal)),
            "the upstream has it"
        );
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE acctsessionid = @session", new { session }) == 1,
            "it is kept here"
        );
    }

    private async Task<int> EapAsync(string method, string inner, string password, string user = User, TestNas? nas = null)
    {
        var (code, text) = await EapOutputAsync(method, inner, user, password, nas);
        output.WriteLine(text.Split('\n').LastOrDefault(l => l is "SUCCESS" or "FAILURE") ?? text);
        return code;
    }

    /// <summary>wpa_supplicant's own EAP peer, with a NAS in front of it.</summary>
    private async Task<(int Code, string Output)> EapOutputAsync(
        string method,
        string inner,
        string user,
        string password,
        TestNas? nas = null
    )
    {
        nas ??= host.Nas;
        var file = Path.Combine(Workspace.NewFolder("eap"), "peer.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            network={
                key_mgmt=IEEE8021X
                eap={{method}}
                identity="{{user}}"
                password="{{password}}"
                {{(inner.Length > 0 ? $"phase2=\"{inner}\"" : "")}}
            }
            """
        );
        string[] arguments =
        [
            "-c",
            file,
            "-a",
            "127.0.0.1",
            "-p",
            host.Host.RadiusAuthPort.ToString(CultureInfo.InvariantCulture),
            "-s",
            nas.Secret,
            "-A",
            nas.Address,
            "-t",
            "15",
        ];
        return await Peer.RunAsync("eapol_test", null, method == "MD5" ? [.. arguments, "-n"] : arguments);
    }
}
