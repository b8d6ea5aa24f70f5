using DotMac.Access.FreeRadius;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>The inbox that FreeRADIUS's SQL module fills: who is served in which order, and what is cleaned away.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private readonly Guid loud = Guid.CreateVersion7();
    private readonly Guid quiet = Guid.CreateVersion7();
    private TestDatabase database = null!;
    private NpgsqlConnection aaa = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO tenants (tenant_id, slug, name) VALUES (@loud, 'loud', 'Loud'), (@quiet, 'quiet', 'Quiet');
            """,
            new { loud, quiet }
        );
        foreach (var (tenant, slug) in new[] { (loud, "loud"), (quiet, "quiet") })
        {
            await database.ExecuteAsync(
                """
                SELECT set_config('app.tenant_id', @id, false);
                SELECT freeradius.open_tenant(@slug);
                INSERT INTO freeradius.settings (tenant_id, enabled, schema_name, role_name) VALUES (@tenant, true, 'fr_' || @slug, 'fr_' || @slug);
                """,
                new
                {
                    id = tenant.ToString(),
                    tenant,
                    slug,
                }
            );
        }

        aaa = await database.Databases.Aaa.OpenConnectionAsync();
    }

    public async Task DisposeAsync()
    {
        await aaa.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_tenant_that_floods_the_inbox_keeps_nobody_waiting()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO freeradius.accounting_queue (tenant_id, status, record) SELECT @loud, 3, '{}' FROM generate_series(1, 5000);
            INSERT INTO freeradius.accounting_queue (tenant_id, status, record) SELECT @quiet, 3, jsonb_build_object('n', n) FROM generate_series(1, 3) n;
            INSERT INTO freeradius.radpostauth (tenant_id, username, reply) SELECT @loud, 'loud', 'Access-Reject' FROM generate_series(1, 5000);
            INSERT INTO freeradius.radpostauth (tenant_id, username, reply) VALUES (@quiet, 'quiet', 'Access-Accept');
            """,
            new { loud, quiet }
        );
        var batch = await InboxBatch.RecordsAsync(aaa, 500, default);
        batch.Count.ShouldBe(253, "half of the batch for each of two, of whom one has three records");
        batch.Where(r => r.Tenant == quiet).Select(r => r.Row).ShouldBe(["{\"n\": 1}", "{\"n\": 2}", "{\"n\": 3}"], "in their order");
        var decisions = await InboxBatch.TakeDecisionsAsync(aaa, 500, default);
        decisions.ShouldContain((quiet, "quiet", true));
        decisions.Count.ShouldBe(501);
    }

    [Fact]
    public async Task Records_of_an_unknown_nas_stand_aside_and_say_why()
    {
        await database.ExecuteAsync(
            "INSERT INTO freeradius.accounting_queue (tenant_id, status, record) VALUES (@quiet, 3, '{\"nasipaddress\": \"203.0.113.9\"}')",
            new { quiet }
        );
        var seq = (await InboxBatch.RecordsAsync(aaa, 500, default)).Single().Seq;
        await InboxBatch.SetAsideAsync(aaa, [seq], default);
        (await InboxBatch.RecordsAsync(aaa, 500, default)).ShouldBeEmpty();
        (await database.ScalarAsync<string>("SELECT problem FROM freeradius.accounting_queue")).ShouldBe(
            "No NAS of this tenant has the address 203.0.113.9."
        );
    }

    [Theory]
    [InlineData("amina@isp", "Amina@ISP")]
    [InlineData("a=2Bb@isp", "A=2Bb@isp")]
    [InlineData("caf\u00e9=2Bx", "Caf\u00e9=2BX")]
    public async Task A_long_interval_of_a_name_with_odd_characters_is_found(string projected, string stored)
    {
        // Silent for half an hour: lost at the usual five minutes, well at an hour.
        await database.ExecuteAsync(
            """
            INSERT INTO freeradius.radreply (tenant_id, subscriber_id, username, attribute, op, value)
            VALUES (@quiet, gen_random_uuid(), @projected, 'Acct-Interim-Interval', ':=', '3600');
            INSERT INTO freeradius.radacct (tenant_id, acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime)
            VALUES (@quiet, 'kept', 'kept', @stored, '192.0.2.1', now() - interval '1 hour', now() - interval '30 minutes'),
                   (@quiet, 'lost', 'lost', 'another', '192.0.2.1', now() - interval '1 hour', now() - interval '30 minutes');
            """,
            new
            {
                quiet,
                projected,
                stored,
            }
        );
        await InboxCleaning.RunAsync(aaa, default);
        (await database.QueryAsync<string>("SELECT acctuniqueid FROM freeradius.radacct WHERE acctstoptime IS NULL")).ShouldBe(["kept"]);
    }
}
