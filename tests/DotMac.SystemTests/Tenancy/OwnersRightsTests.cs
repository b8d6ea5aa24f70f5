using DotMac.Kernel.Data.Migrations;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.Tenancy;

/// <summary>Functions that work with their owner's rights (SECURITY DEFINER), in every schema: each is known, closed to strangers, and told its tenant.</summary>
public sealed class OwnersRightsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] Known =
    [
        "freeradius.open_tenant", // makes the pinned tenant's schema; refuses another tenant's
        "freeradius.queue_accounting", // a trigger: queues the row that FreeRADIUS wrote, under the row's own tenant
        "public.drop_decision_partitions", // drops whole days of decisions; answers how many
        "public.drop_radacct_partition", // drops a month that is past every retention; reads and answers no row
        "public.ensure_decision_partitions", // makes partitions of decisions; reads and answers no row
        "public.ensure_radacct_partition", // makes a partition of radacct; reads and answers no row
        "public.notify_aaa", // a trigger: tells the AAA role which row changed
    ];

    [Fact]
    public async Task Each_is_known()
    {
        (await NamesAsync(database, "true")).Except(Known).ShouldBeEmpty();
        await using var own = await TestDatabase.CreateAsync();
        await own.ExecuteAsync("CREATE FUNCTION freeradius.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'");
        (await NamesAsync(own, "true")).Except(Known).ShouldBe(["freeradius.planted"]);
        (await NamesAsync(own, Unpinned)).ShouldBe(["freeradius.planted"]);
        (await NamesAsync(own, ForEverybody)).ShouldContain("freeradius.planted");
    }

    [Fact]
    public async Task None_finds_its_tables_by_the_callers_search_path() => (await NamesAsync(database, Unpinned)).ShouldBeEmpty();

    [Fact]
    public async Task Everybody_may_run_triggers_alone()
    {
        // A trigger's function cannot be called, only fired.
        (await NamesAsync(database, ForEverybody + " AND p.prorettype <> 'trigger'::regtype")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_cannot_open_the_schema_of_another()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, slug, name) VALUES (@mine, 'mine', 'Mine'), (@theirs, 'theirs', 'Theirs')",
            new { mine, theirs }
        );
        await using var app = new NpgsqlConnection(database.ConnectionString(DatabaseRoles.App));
        await app.OpenAsync();
        (await OpenAsync(app, theirs, "theirs")).ShouldBe("fr_theirs");
        (await Should.ThrowAsync<PostgresException>(() => OpenAsync(app, mine, "theirs"))).MessageText.ShouldContain(
            "belongs to another tenant"
        );
        (await Should.ThrowAsync<PostgresException>(() => OpenAsync(app, null, "nobodys"))).MessageText.ShouldContain(
            "no tenant is pinned"
        );
        (await Should.ThrowAsync<PostgresException>(() => OpenAsync(app, mine, "x\"; DROP TABLE tenants; --"))).MessageText.ShouldContain(
            "is no slug"
        );

        // What was made for the one is not reached by the other, nor by the application past its partitioned parent.
        await using var read = new NpgsqlCommand("SELECT count(*) FROM fr_theirs.radcheck", app);
        (await Should.ThrowAsync<PostgresException>(() => read.ExecuteScalarAsync())).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege
        );
    }

    private const string Unpinned = "NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%pg_temp')";
    private const string ForEverybody =
        "(p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'))";

    private static Task<IReadOnlyList<string>> NamesAsync(TestDatabase database, string which) =>
        database.QueryAsync<string>(
            "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                + "WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND "
                + which
                + " ORDER BY 1"
        );

    private static async Task<string> OpenAsync(NpgsqlConnection app, Guid? tenant, string slug)
    {
        await using var transaction = await app.BeginTransactionAsync();
        await using var pin = new NpgsqlCommand("SELECT set_config('app.tenant_id', $1, true)", app);
        pin.Parameters.AddWithValue(tenant?.ToString() ?? "");
        await pin.ExecuteNonQueryAsync();
        await using var open = new NpgsqlCommand("SELECT freeradius.open_tenant($1)", app);
        open.Parameters.AddWithValue(slug);
        var name = (string)(await open.ExecuteScalarAsync())!;
        await transaction.CommitAsync();
        return name;
    }
}
