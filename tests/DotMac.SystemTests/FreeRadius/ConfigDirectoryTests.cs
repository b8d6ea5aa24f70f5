using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>What <c>dotmac freeradius config</c> writes.</summary>
public sealed class ConfigDirectoryTests(FreeRadiusFixture host) : IClassFixture<FreeRadiusFixture>
{
    [PeerTheory("freeradius", "openssl")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task FreeRADIUS_accepts_it_and_others_cannot_read_it(string way)
    {
        var folder = Workspace.NewFolder("cert");
        var (made, said) = await Peer.RunAsync(
            "openssl",
            null,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=radius.test",
            "-keyout",
            folder + "/key.pem",
            "-out",
            folder + "/cert.pem",
            "-days",
            "2"
        );
        made.ShouldBe(0, said);
        var directory = await FreeRadiusServer.WriteAsync(
            host,
            way,
            "default",
            "--clients",
            "10.0.0.0/8",
            "2001:db8::/32",
            "--coa-port",
            "33999",
            "--eap-certificate",
            folder + "/cert.pem",
            "--eap-key",
            folder + "/key.pem"
        );
        var (code, checkedText) = await Peer.RunAsync("freeradius", null, "-C", "-X", "-d", directory);
        code.ShouldBe(0, checkedText);
        checkedText.ShouldContain("Configuration appears to be OK");
        File.GetUnixFileMode(directory + "/secrets.conf").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        foreach (var file in Directory.GetFiles(directory))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, file);
            (await File.ReadAllTextAsync(file)).ShouldNotMatch("@[A-Z_]{2,}@", file);
        }
    }

    [PeerFact("freeradius", "radclient")]
    public async Task A_deleted_key_lets_nobody_in()
    {
        await using var server = await FreeRadiusServer.StartAsync(host, "rest");
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var login = $"User-Name = {user.Username}\nUser-Password = {user.Password}";
        (await server.AskAsync(nas, login)).ShouldBe("Access-Accept");
        await host.Database.ExecuteAsync("DELETE FROM api_keys WHERE created_at = (SELECT max(created_at) FROM api_keys)");
        (await server.AskAsync(nas, login)).ShouldBe("Access-Reject");
    }
}
