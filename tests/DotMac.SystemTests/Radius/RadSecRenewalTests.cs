using DotMac.Radius.Client;
using DotMac.Radius.Tls;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A host whose RadSec asks a revocation list that openssl's little CA writes.</summary>
public sealed class RevokingFixture : RadSecFixture
{
    protected override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(base.Environment) { ["DOTMAC_RADSEC_CRL"] = File("ca.crl") };

    public override async Task InitializeAsync()
    {
        await MakeIssuerAsync("ca");
        await System.IO.File.WriteAllTextAsync(
            File("ca.cnf"),
            $"""
            [ca]
            default_ca = own
            [own]
            database = {File("index.txt")}
            crlnumber = {File("crlnumber")}
            certificate = {File("ca.crt")}
            private_key = {File("ca.key")}
            default_md = sha256
            default_crl_days = 1
            """
        );
        await System.IO.File.WriteAllTextAsync(File("index.txt"), "");
        await System.IO.File.WriteAllTextAsync(File("crlnumber"), "01\n");
        await WriteListAsync();
        await MakeAsync("server", "dotmac.example", "DNS:localhost,IP:127.0.0.1");
        await InitializeHostAsync();
    }

    public async Task RevokeAsync(string name)
    {
        await RunAsync("ca", "-config", File("ca.cnf"), "-revoke", File(name + ".crt"));
        await WriteListAsync();
    }

    public Task WriteListAsync(params string[] more) =>
        RunAsync(["ca", "-config", File("ca.cnf"), "-gencrl", "-out", File("ca.crl"), .. more]);
}

/// <summary>Certificates of RadSec are replaced and taken back while the host runs.</summary>
public sealed class RadSecRenewalTests(RevokingFixture host) : IClassFixture<RevokingFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PeerFact("openssl")]
    public async Task Files_are_followed_without_a_restart()
    {
        await host.MakeAsync("first", "first.example");
        await host.MakeAsync("second", "second.example");
        await host.NasAsync(address: "127.0.0.1");
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        async Task<bool> GetsInAsync(string identity, string serverName = "localhost")
        {
            await using var client = new RadSecClient(
                new RadSecClientOptions
                {
                    Host = "127.0.0.1",
                    Port = host.RadSecPort,
                    ServerName = serverName,
                    Certificate = host.Identity(identity),
                    TrustedIssuers = host.Issuer,
                },
                TimeProvider.System
            );
            var login = new RequestBuilder(PacketCode.AccessRequest)
                .WithMessageAuthenticator()
                .Add("User-Name", user.Username)
                .UserPassword(user.Password);
            return (await client.SendAsync(login, Patience, default)).Code == PacketCode.AccessAccept;
        }

        (await GetsInAsync("first")).ShouldBeTrue();
        (await GetsInAsync("second")).ShouldBeTrue();

        // Taken back: the one alone.
        await host.RevokeAsync("first");
        await Eventually.IsTrueAsync(async () => !await GetsInAsync("first"), "the revoked one stays outside");
        (await GetsInAsync("second")).ShouldBeTrue();

        // The server's own certificate is renewed, key first, as tools do: what lies between is no pair, and the former goes on.
        (await GetsInAsync("second", "renewed.example")).ShouldBeFalse();
        await host.MakeAsync("server", "dotmac.example", "DNS:renewed.example");
        await Eventually.IsTrueAsync(() => GetsInAsync("second", "renewed.example"), "the new certificate is shown");
        (await GetsInAsync("first", "renewed.example")).ShouldBeFalse("still revoked");

        // Rubbish changes nothing.
        var issuer = await File.ReadAllTextAsync(host.File("ca.crt"));
        await File.WriteAllTextAsync(host.File("ca.crl"), "rubbish");
        await Task.Delay(2_500);
        (await GetsInAsync("second", "renewed.example")).ShouldBeTrue("the former list holds");
        (await GetsInAsync("first", "renewed.example")).ShouldBeFalse("the former list holds");
        issuer.ShouldContain("BEGIN CERTIFICATE");

        // A list that is out of date lets nobody in.
        await host.WriteListAsync("-crlsec", "1");
        await Eventually.IsTrueAsync(async () => !await GetsInAsync("second", "renewed.example"), "an outdated list lets nobody in");
        await host.WriteListAsync();
        await Eventually.IsTrueAsync(() => GetsInAsync("second", "renewed.example"), "a list in force lets in again");
    }
}
