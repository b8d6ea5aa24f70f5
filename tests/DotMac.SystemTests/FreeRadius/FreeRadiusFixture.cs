using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>A host, and a FreeRADIUS of either way in front of it, both for tenant <c>default</c>.</summary>
public sealed class FreeRadiusFixture : RadiusFixture
{
    private readonly Dictionary<string, FreeRadiusServer> servers = new(StringComparer.Ordinal);

    public FreeRadiusServer Way(string way) => servers[way];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        if (Peer.Find("freeradius") is null)
        {
            return;
        }

        await EnableAsync();
        foreach (var way in new[] { "rest", "sql" })
        {
            servers[way] = await FreeRadiusServer.StartAsync(this, way);
        }
    }

    public async Task EnableAsync(object? body = null) =>
        (
            await Admin.SendAsync(HttpMethod.Put, "/api/v1/radius/freeradius", body ?? new { enabled = true, vendor = "mikrotik" })
        ).ShouldHave(HttpStatusCode.OK);

    /// <summary>Waits until FreeRADIUS's tables are as they should be.</summary>
    public Task ProjectedAsync() =>
        Eventually.IsTrueAsync(
            async () => (await Admin.GetAsync("/api/v1/radius/freeradius/drift")).ShouldHave(HttpStatusCode.OK)["total"].GetInt32() == 0,
            "the projection is up to date"
        );

    /// <summary>Creates a subscriber by the API alone: for one that our own server would not accept at once.</summary>
    public async Task<TestSubscriber> CreateAsync(Dictionary<string, object?> fields)
    {
        fields.TryAdd("username", NewName("user"));
        fields.TryAdd("password", Password);
        var made = (await Admin.PostAsync("/api/v1/radius/subscribers", fields)).ShouldHave(HttpStatusCode.Created);
        await SettleAsync();
        await ProjectedAsync();
        return new TestSubscriber(made["id"].GetGuid(), (string)fields["username"]!, (string)fields["password"]!);
    }

    public override async Task DisposeAsync()
    {
        foreach (var server in servers.Values)
        {
            await server.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
