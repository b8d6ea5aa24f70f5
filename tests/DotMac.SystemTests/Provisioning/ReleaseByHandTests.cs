using System.Net;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Addresses and VLANs that a person gives back: what a line carries is refused unless it is forced; what it does not carry any more is not.</summary>
public sealed class ReleaseByHandTests(ProvisioningFixture host) : IClassFixture<ProvisioningFixture>
{
    private const string Vlans = "/api/v1/ipam/vlan-allocations";
    private const string Addresses = "/api/v1/ipam/ip-addresses";

    [Fact]
    public async Task A_vlan_in_service_is_refused_and_when_forced_it_rests_as_any_other()
    {
        var pool = await PoolAsync(first: 3100, last: 3100, quarantineSeconds: 3600);
        var line = await host.ProvisionAsync(new { vlan_pool = pool });
        var held = await HeldAsync(Vlans, line);
        (await host.Admin.DeleteAsync($"{Vlans}/{held}")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_vlan_allocation.in_use");
        (await HeldAsync(Vlans, line)).ShouldBe(held);
        (await AuditedAsync("vlan.released", held)).ShouldBe(0);

        (await host.Admin.DeleteAsync($"{Vlans}/{held}?force=true")).ShouldHave(HttpStatusCode.NoContent);
        (await host.Admin.DeleteAsync($"{Vlans}/{held}?force=true"))
            .ShouldHave(HttpStatusCode.Conflict)
            .Code.ShouldBe("ipam_vlan_allocation.ended");
        (await AuditedAsync("vlan.released", held)).ShouldBe(1);
        var after = (await host.Admin.GetAsync($"/api/v1/ipam/vlan-pools?q={pool}"))["items"][0];
        (after.GetProperty("used").GetInt64(), after.GetProperty("resting").GetInt64()).ShouldBe((0, 1));
        var next = await host.Admin.PostAsync("/api/v1/provisioning/subscribers?wait=20", host.Order(new { vlan_pool = pool }));
        next.ShouldHave(HttpStatusCode.BadRequest).Text.ShouldContain("ipam.vlan_pool_exhausted", Case.Sensitive, "its number rests");
    }

    [Fact]
    public async Task A_vlan_that_its_line_does_not_carry_any_more_is_given_back_and_another_line_gets_it()
    {
        var pool = await PoolAsync(first: 3200, last: 3200);
        var line = await host.ProvisionAsync(new { vlan_pool = pool });
        var held = await HeldAsync(Vlans, line);
        await host.Database.ExecuteAsync("UPDATE subscribers SET vlan_id = 77 WHERE id = @Id", new { line.Id });
        (await host.Admin.DeleteAsync($"{Vlans}/{held}")).ShouldHave(HttpStatusCode.NoContent);
        await HeldAsync(Vlans, await host.ProvisionAsync(new { vlan_pool = pool }));
    }

    [Fact]
    public async Task An_address_in_service_is_refused_and_can_be_forced()
    {
        var line = await host.ProvisionAsync();
        var held = await HeldAsync(Addresses, line);
        (await host.Admin.DeleteAsync($"{Addresses}/{held}")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("ipam_address.in_use");
        (await host.Admin.DeleteAsync($"{Addresses}/{held}?force=true")).ShouldHave(HttpStatusCode.NoContent);
        (await AuditedAsync("address.released", held)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_only_read_gives_nothing_back_and_what_is_not_there_is_said()
    {
        var reader = await host.PersonAsync("read_only_auditor");
        (await reader.DeleteAsync($"{Vlans}/{Guid.NewGuid()}")).ShouldHave(HttpStatusCode.Forbidden);
        (await host.Admin.DeleteAsync($"{Vlans}/{Guid.NewGuid()}"))
            .ShouldHave(HttpStatusCode.NotFound)
            .Code.ShouldBe("ipam_vlan_allocation.not_found");
    }

    private async Task<string> PoolAsync(int first, int last, int quarantineSeconds = 0)
    {
        var name = $"by-hand-{first}";
        var fields = new
        {
            name,
            service_first = first,
            service_last = last,
            quarantine_seconds = quarantineSeconds,
        };
        (await host.Admin.PostAsync("/api/v1/ipam/vlan-pools", fields)).ShouldHave(HttpStatusCode.Created);
        return name;
    }

    /// <summary>The one that the line holds.</summary>
    private async Task<Guid> HeldAsync(string path, ProvisionedSubscriber line)
    {
        var number = (await host.Admin.GetAsync($"/api/v1/subscribers/{line.Id}"))["subscriber_number"].GetString()!;
        var items = (await host.Admin.GetAsync($"{path}?q={number}")).ShouldHave(HttpStatusCode.OK)["items"];
        return items.EnumerateArray().Single().GetProperty("id").GetGuid();
    }

    private Task<long> AuditedAsync(string action, Guid id) =>
        host.Database.ScalarAsync<long>(
            "SELECT count(*) FROM audit_log WHERE action = @action AND entity_id = @id",
            new { action, id = id.ToString() }
        );
}
