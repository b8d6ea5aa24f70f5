using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>The NAS decides the tenant: one username in two tenants is two logins, and neither is ever taken for the other.</summary>
public sealed class TenantTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const string AdminPassword = "Other-Horse-8-Battery";

    [PeerFact("radclient")]
    public async Task The_same_username_is_another_login_behind_another_tenants_nas()
    {
        using var other = await OtherTenantAsync();
        var name = RadiusFixture.NewName("twin");
        var mine = await host.NasAsync(address: "127.0.0.2");
        var theirs = await host.NasAsync(address: "127.0.0.3", admin: other);
        await CreateAsync(host.Admin, name, "password-of-mine", "100.66.0.1");
        await CreateAsync(other, name, "password-of-theirs", "100.66.0.2");
        await host.SettleAsync();

        foreach (
            var (nas, own, foreign, address) in new[]
            {
                (mine, "password-of-mine", "password-of-theirs", "100.66.0.1"),
                (theirs, "password-of-theirs", "password-of-mine", "100.66.0.2"),
            }
        )
        {
            var accepted = await nas.RadclientAsync($"User-Name = {name}\nUser-Password = {own}");
            accepted.ShouldBe("Access-Accept")["Framed-IP-Address"].ShouldBe([address], accepted.Output);
            (await nas.RadclientAsync($"User-Name = {name}\nUser-Password = {foreign}")).ShouldBe("Access-Reject");
            (await nas.RadclientAsync($"User-Name = {name}\nCHAP-Password = {foreign}")).ShouldBe("Access-Reject");
        }

        // A login that only the other tenant has is unknown here, whatever its password.
        var only = RadiusFixture.NewName("only-theirs");
        await CreateAsync(other, only, "password-of-theirs", null);
        await host.SettleAsync();
        (await mine.RadclientAsync($"User-Name = {only}\nUser-Password = password-of-theirs")).ShouldBe("Access-Reject");
        (await theirs.RadclientAsync($"User-Name = {only}\nUser-Password = password-of-theirs")).ShouldBe("Access-Accept");
        (await host.DecisionsAsync(mine, 4))[^1].ShouldBe("login.unknown");

        // Neither the other's NAS, nor its decisions, nor its sessions are seen over the API.
        (await other.GetAsync("/api/v1/radius/nas/" + mine.Id)).ShouldHave(HttpStatusCode.NotFound);
        (await host.Admin.GetAsync("/api/v1/radius/nas/" + theirs.Id)).ShouldHave(HttpStatusCode.NotFound);
        await SessionsBelongAsync(mine, theirs, other, name);
    }

    [Fact]
    public async Task No_tenant_takes_a_source_inside_or_around_anothers()
    {
        using var other = await OtherTenantAsync();
        (await RegisterAsync(host.Admin, "198.18.0.0/24", null)).ShouldHave(HttpStatusCode.Created);

        foreach (var source in new[] { "198.18.0.5", "198.18.0.0/16", "198.18.0.0/24" })
        {
            var refused = await RegisterAsync(other, source, "thief");
            refused.ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("nas.source_taken");
        }

        (await RegisterAsync(host.Admin, "198.18.0.5", null)).ShouldHave(HttpStatusCode.Created);
    }

    private static Task<ApiAnswer> RegisterAsync(ApiClient admin, string source, string? identifier) =>
        admin.PostAsync(
            "/api/v1/radius/nas",
            new
            {
                nasname = source,
                shortname = RadiusFixture.NewName("edge"),
                type = "other",
                vendor = "generic",
                secret = "xyzzy-plugh-42",
                nas_identifier = identifier,
            }
        );

    private async Task SessionsBelongAsync(TestNas mine, TestNas theirs, ApiClient other, string name)
    {
        foreach (var (nas, octets) in new[] { (mine, "1000"), (theirs, "2000") })
        {
            await nas.AccountAsync("Start", ("User-Name", name), ("Acct-Session-Id", "same-id"));
            await nas.AccountAsync("Interim-Update", ("User-Name", name), ("Acct-Session-Id", "same-id"), ("Acct-Input-Octets", octets));
        }

        foreach (var (nas, admin, octets) in new[] { (mine, host.Admin, 1000), (theirs, other, 2000) })
        {
            await Eventually.IsTrueAsync(
                async () =>
                    await host.Database.ScalarAsync<long>(
                        "SELECT count(*) FROM radacct WHERE nas_id = @Id AND acctinputoctets = @octets AND acctstoptime IS NULL",
                        new { nas.Id, octets }
                    ) == 1,
                "the session is stored"
            );
            var tenant = (await admin.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK)["tenant.id"].GetGuid();
            var owner = await host.Database.ScalarAsync<Guid>("SELECT tenant_id FROM radacct WHERE nas_id = @Id", new { nas.Id });
            owner.ShouldBe(tenant);
            var subscriber = await host.Database.ScalarAsync<bool>(
                """
                SELECT bool_and(s.tenant_id = r.tenant_id AND s.username = @name)
                FROM radacct r JOIN subscribers s ON s.id = r.subscriber_id WHERE r.nas_id = @Id
                """,
                new { nas.Id, name }
            );
            subscriber.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task One_source_address_belongs_to_one_tenant()
    {
        using var other = await OtherTenantAsync();
        var mine = await host.NasAsync();
        var body = new
        {
            nasname = mine.Address,
            shortname = RadiusFixture.NewName("bng"),
            type = "router",
            vendor = "mikrotik",
            secret = "some-other-secret",
        };

        var refused = (await other.PostAsync("/api/v1/radius/nas", body)).ShouldHave(HttpStatusCode.Conflict);

        refused.Code.ShouldBe("nas.source_taken");
        refused.Text.ShouldNotContain("default", Case.Insensitive, "who has it is not the other tenant's business");
        (await mine.AccessAsync("nobody", "x")).Code.ShouldBe(PacketCode.AccessReject);
    }

    private async Task<ApiClient> OtherTenantAsync()
    {
        var slug = RadiusFixture.NewName("isp");
        var email = $"admin@{slug}.example";
        var body = new
        {
            slug,
            name = slug,
            admin_email = email,
            admin_password = AdminPassword,
        };
        (await host.Admin.PostAsync("/api/v1/platform/tenants", body)).ShouldHave(HttpStatusCode.Created);
        var admin = host.Host.Api();
        await admin.LoginAsync(email, AdminPassword);
        return admin;
    }

    private static async Task CreateAsync(ApiClient admin, string username, string password, string? address) =>
        (
            await admin.PostAsync(
                "/api/v1/radius/subscribers",
                new
                {
                    username,
                    password,
                    framed_ipv4_address = address,
                    simultaneous_use = 0,
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
}
