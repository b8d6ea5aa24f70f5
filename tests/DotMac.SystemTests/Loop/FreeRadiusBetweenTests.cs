using System.Globalization;
using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>The same whole way with FreeRADIUS between the NAS and the platform, from the directory that the platform writes for it.</summary>
public sealed class FreeRadiusBetweenTests(LoopFixture host) : IClassFixture<LoopFixture>
{
    private const string Secret = "freeradius-nas-secret-4kd8";

    [MachineTheory("charon", "swanctl", "freeradius")]
    [InlineData("rest", SwanLogin.Pap)]
    [InlineData("rest", SwanLogin.EapMschapv2)]
    [InlineData("sql", SwanLogin.EapMd5)]
    public async Task A_subscriber_dials_in_is_counted_and_is_dropped_by_our_disconnect(string way, SwanLogin login)
    {
        await SendAsync(HttpMethod.Put, "/api/v1/radius/freeradius", new { enabled = true });
        await using var swan = await Swan.CableAsync();
        await host.RegisterAsync(swan.Address, Secret, "require", Swan.DisconnectPort);
        var customer = await host.CustomerAsync();
        await Eventually.IsTrueAsync(
            async () => (await SendAsync(HttpMethod.Get, "/api/v1/radius/freeradius/drift"))["total"].GetInt32() == 0,
            "the tables of the sql module are up to date"
        );
        var (auth, acct) = (Ports.Udp(), Ports.Udp());
        await using var server = await FreeRadiusPeer.StartFromAsync(await WriteAsync(way, auth, acct));
        try
        {
            await swan.StartAsync(new RadiusDoor(swan.Here, auth, acct, Secret));
            await SwanLoop.RunAsync(host, swan, login, customer);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{server.Output}", e);
        }
    }

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null) =>
        (await host.Admin.SendAsync(method, path, body)).ShouldHave(HttpStatusCode.OK);

    private async Task<string> WriteAsync(string way, int auth, int acct)
    {
        var folder = Path.Combine(Workspace.NewFolder("freeradius"), "raddb");
        string[] command =
        [
            "freeradius",
            "config",
            "--tenant",
            "default",
            "--way",
            way,
            "--out",
            folder,
            "--auth-port",
            auth.ToString(CultureInfo.InvariantCulture),
            "--acct-port",
            acct.ToString(CultureInfo.InvariantCulture),
            "--reject-delay",
            "0",
        ];
        var (code, output) = await HostProcess.RunAsync(
            new HostOptions
            {
                Database = host.Database.Owner,
                DataFolder = host.Host.DataFolder,
                HttpPort = host.Host.HttpPort,
                Command = command,
            }
        );
        code.ShouldBe(0, output);
        return folder;
    }
}
