using Dapper;
using DotMac.Kernel.Data.Migrations;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.Tenancy;

/// <summary>The database itself keeps tenants apart.</summary>
public sealed class IsolationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string[] Roles = [DatabaseRoles.App, DatabaseRoles.Aaa, DatabaseRoles.Platform];

    [Fact]
    public async Task No_table_lets_one_tenant_read_or_write_another_ones_rows()
    {
        await using var own = await TestDatabase.CreateAsync();
        var walk = new IsolationWalk(own);
        (await walk.RunAsync()).ShouldBeEmpty();
        walk.Attacked.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task The_walk_finds_tables_that_were_planted_without_isolation()
    {
        await using var own = await TestDatabase.CreateAsync();
        await own.ExecuteAsync(
            """
            CREATE TABLE planted_bare (tenant_id uuid NOT NULL, id int PRIMARY KEY DEFAULT (random() * 1e9)::int);
            GRANT ALL ON planted_bare TO dotmac_app;
            CREATE TABLE planted_unforced (tenant_id uuid NOT NULL, id int PRIMARY KEY DEFAULT (random() * 1e9)::int);
            CALL isolate('planted_unforced');
            ALTER TABLE planted_unforced NO FORCE ROW LEVEL SECURITY;
            CREATE TABLE planted_open (tenant_id uuid NOT NULL, id int PRIMARY KEY DEFAULT (random() * 1e9)::int);
            CALL isolate('planted_open');
            CREATE POLICY everybody ON planted_open TO PUBLIC USING (true);
            GRANT ALL ON planted_open TO dotmac_app;
            CREATE TABLE planted_readable (tenant_id uuid NOT NULL, id int PRIMARY KEY DEFAULT (random() * 1e9)::int);
            ALTER TABLE planted_readable ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY pinned_tenant ON planted_readable TO dotmac_app USING (true) WITH CHECK (tenant_id = current_tenant());
            GRANT ALL ON planted_readable TO dotmac_app;
            CREATE TABLE planted_nullable (tenant_id uuid, id int PRIMARY KEY DEFAULT (random() * 1e9)::int);
            CALL isolate('planted_nullable');
            CREATE TABLE planted_without_tenant (id int);
            CREATE TABLE planted_strange (tenant_id uuid NOT NULL, shape polygon NOT NULL);
            CALL isolate('planted_strange');
            """
        );
        var found = await new IsolationWalk(own).RunAsync();

        found.ShouldContain("planted_bare: row security is not enabled");
        found.ShouldContain("planted_bare: pinned to another tenant, a tenant's rows can be read");
        found.ShouldContain("planted_bare: pinned to another tenant, a tenant's rows can be updated");
        found.ShouldContain("planted_bare: pinned to another tenant, a tenant's rows can be deleted");
        found.ShouldContain("planted_bare: pinned to another tenant, rows can be given to another tenant");
        found.ShouldContain("planted_bare: pinned to another tenant, the insert of a tenant's row was not refused (1)");
        found.ShouldContain("planted_bare: rows can be read with no tenant pinned");
        found.ShouldContain("planted_unforced: row security is not forced");
        found.ShouldContain(f => f.StartsWith("planted_open: its policies for dotmac_app are not the one of isolate()"));
        found.ShouldContain("planted_open: pinned to another tenant, a tenant's rows can be read");
        found.ShouldContain("planted_readable: pinned to another tenant, a tenant's rows can be read");
        found.ShouldContain("planted_nullable: tenant_id may be null");
        found.ShouldContain("planted_without_tenant: has no tenant_id and is not on the list of tables that need none");
        found.ShouldContain(f => f.StartsWith("planted_strange: no row could be seeded"));
        found.ShouldAllBe(f => f.StartsWith("planted_"), "nothing else is wrong");
    }

    [Fact]
    public async Task The_roles_own_nothing_and_cannot_step_over_row_security()
    {
        var mighty = await database.QueryAsync<string>(
            """
            SELECT rolname FROM pg_roles WHERE rolname = ANY(@Roles)
              AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
                   OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = pg_roles.oid))
            """,
            new { Roles }
        );
        mighty.ShouldBeEmpty();
        (await database.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = ANY(@Roles)", new { Roles })).ShouldBe(3);
        var owned = await database.QueryAsync<string>(
            """
            SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY(@Roles)
            UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = ANY(@Roles)
            UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = ANY(@Roles)
            """,
            new { Roles }
        );
        owned.ShouldBeEmpty();
        foreach (var role in Roles)
        {
            var creates = await database.ScalarAsync<bool>("SELECT has_schema_privilege(@role, 'public', 'CREATE')", new { role });
            creates.ShouldBeFalse(role);
        }
    }

    [Fact]
    public async Task No_view_reads_with_its_owners_rights()
    {
        var views = await database.QueryAsync<string>(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
              AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
            """
        );
        views.ShouldBeEmpty("a view reads as its owner unless it says security_invoker");
    }

    [Fact]
    public async Task Each_role_reaches_of_identity_only_what_it_needs()
    {
        async Task<bool> MayAsync(string role, string table, string what) =>
            await database.ScalarAsync<bool>(
                "SELECT has_any_column_privilege(@role, @table, @what)",
                new
                {
                    role,
                    table,
                    what,
                }
            );
        string[] identity = ["users", "roles", "user_sessions", "refresh_tokens", "recovery_codes", "api_keys", "signing_keys"];
        foreach (var table in identity)
        {
            (await MayAsync(DatabaseRoles.Aaa, table, "SELECT")).ShouldBeFalse($"the RADIUS plane reads {table}");
        }

        (await MayAsync(DatabaseRoles.App, "signing_keys", "SELECT")).ShouldBeFalse();
        (await MayAsync(DatabaseRoles.App, "refresh_tokens", "SELECT")).ShouldBeFalse();
        (await MayAsync(DatabaseRoles.App, "audit_log", "UPDATE")).ShouldBeFalse();
        (await MayAsync(DatabaseRoles.Platform, "audit_log", "UPDATE")).ShouldBeFalse();
        foreach (var role in Roles)
        {
            var deletes = await database.ScalarAsync<bool>(
                "SELECT has_table_privilege(@role, 'audit_log', 'DELETE, TRUNCATE')",
                new { role }
            );
            deletes.ShouldBeFalse(role);
        }

        foreach (var what in new[] { "INSERT", "UPDATE" })
        {
            var makesAdmins = await database.ScalarAsync<bool>(
                "SELECT has_column_privilege('dotmac_app', 'users', 'is_platform_admin', @what)",
                new { what }
            );
            makesAdmins.ShouldBeFalse("a tenant could make itself the platform's administrator");
        }
    }

    /// <summary>
    /// What the application's role can and cannot do when somebody writes SQL through it. It chooses the tenant itself: row security
    /// guards against a forgotten condition and a wrong id, not against a stranger's SQL as this role. That is why SQL is never
    /// put together from input, and why the role can do nothing beside.
    /// </summary>
    [PeerFact("psql")]
    public async Task A_hostile_tenant_at_psql_gets_no_further_than_the_application_itself()
    {
        await using var own = await TestDatabase.CreateAsync();
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await own.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, slug, name) VALUES (@mine, 'mine', 'Mine'), (@theirs, 'theirs', 'Theirs')",
            new { mine, theirs }
        );
        var app = new NpgsqlConnectionStringBuilder(own.ConnectionString(DatabaseRoles.App));
        async Task<string> PsqlAsync(string sql)
        {
            var uri = $"postgresql://{app.Username}:{Uri.EscapeDataString(app.Password!)}@{app.Host}:{app.Port}/{app.Database}";
            var (_, output) = await Peer.RunAsync("psql", sql, uri, "-XAtq");
            return output;
        }

        (await PsqlAsync("SELECT slug FROM tenants;")).Trim().ShouldBe("", "no pin, no row");
        var pin = $"SET app.tenant_id = '{mine}'; ";
        (await PsqlAsync(pin + "SELECT slug FROM tenants;")).Trim().ShouldBe("mine");
        (await PsqlAsync(pin + $"SELECT slug FROM tenants WHERE tenant_id = '{theirs}' OR true;")).Trim().ShouldBe("mine");
        (await PsqlAsync(pin + $"UPDATE tenants SET name = 'Gone' WHERE tenant_id = '{theirs}' RETURNING 1;")).Trim().ShouldBe("");
        (await PsqlAsync(pin + "SET row_security = off; SELECT slug FROM tenants;")).ShouldContain(
            "query would be affected by row-level security"
        );
        (await PsqlAsync("SET ROLE dotmac_platform;")).ShouldContain("permission denied to set role");
        (await PsqlAsync("SET ROLE owner;")).ShouldContain("permission denied to set role");
        (await PsqlAsync("SET SESSION AUTHORIZATION owner;")).ShouldContain("permission denied to set session authorization");
        (await PsqlAsync("RESET ROLE; SELECT current_user;")).Trim().ShouldBe(DatabaseRoles.App);
        (await PsqlAsync("ALTER TABLE tenants DISABLE ROW LEVEL SECURITY;")).ShouldContain("must be owner");
        (await PsqlAsync("DROP POLICY pinned_tenant ON tenants;")).ShouldContain("must be owner");
        (await PsqlAsync("TRUNCATE tenants;")).ShouldContain("permission denied");
        (await PsqlAsync("CREATE TABLE public.mine (id int);")).ShouldContain("permission denied for schema public");
        (await PsqlAsync("CREATE FUNCTION public.current_tenant() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';")).ShouldContain(
            "permission denied for schema public"
        );
        (await PsqlAsync("COPY tenants TO PROGRAM 'cat';")).ShouldContain("must be superuser");
        (await PsqlAsync("SELECT pg_read_file('/etc/passwd');")).ShouldContain("permission denied for function");
        (await PsqlAsync(pin + "UPDATE tenants SET status = 1;")).ShouldContain(
            "permission denied",
            Case.Sensitive,
            "its status is the platform's"
        );

        // The limit of the guard, said aloud.
        (await PsqlAsync($"SET app.tenant_id = '{theirs}'; SELECT slug FROM tenants;"))
            .Trim()
            .ShouldBe("theirs");

        await using var owner = new NpgsqlConnection(own.Owner);
        (await owner.QuerySingleAsync<string>("SELECT name FROM tenants WHERE tenant_id = @theirs", new { theirs })).ShouldBe("Theirs");
    }
}
