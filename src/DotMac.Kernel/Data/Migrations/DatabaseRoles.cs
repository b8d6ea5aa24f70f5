using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace DotMac.Kernel.Data.Migrations;

/// <summary>
/// The three login roles the platform works as. They own nothing and cannot bypass row security, so a defect in the code
/// cannot read another tenant's rows; the owner in the connection string only makes them and runs the migrations.
/// </summary>
/// <remarks>
/// <para><b>Passwords</b> are HMAC-SHA256(key, "dotmac/role/NAME"): every node that knows the owner's password derives the same ones,
/// nothing has to be handed round, and none is stored.</para>
/// <para><b>Owner:</b> needs CREATEROLE and to own the database; superuser is not needed. <b>Source:</b> PostgreSQL 15, CREATE ROLE.</para>
/// </remarks>
public sealed class DatabaseRoles
{
    public const string App = "dotmac_app";
    public const string Aaa = "dotmac_aaa";
    public const string Platform = "dotmac_platform";

    private static readonly string[] Names = [App, Aaa, Platform];

    private readonly NpgsqlConnectionStringBuilder owner;
    private readonly byte[] key;

    /// <param name="owner">Connection string of the owner role.</param>
    /// <param name="keyWithoutPassword">Derives the roles' passwords when the owner has none (peer or certificate login).</param>
    public DatabaseRoles(string owner, ReadOnlySpan<byte> keyWithoutPassword)
    {
        this.owner = new NpgsqlConnectionStringBuilder(owner);
        key = string.IsNullOrEmpty(this.owner.Password) ? keyWithoutPassword.ToArray() : Encoding.UTF8.GetBytes(this.owner.Password);
    }

    /// <summary>The connection string of one of the three roles.</summary>
    /// <param name="role">One of this class's names.</param>
    /// <param name="pool">Most connections this process keeps as the role; right after a restart of PostgreSQL second tries are beside them.</param>
    public string ConnectionString(string role, int pool) =>
        new NpgsqlConnectionStringBuilder(owner.ConnectionString)
        {
            Username = role,
            Password = Password(role),
            // Whatever the owner's string says: a connection costs ten times a statement.
            Pooling = true,
            MaxPoolSize = pool,
            // What a connection is asked for the fifth time is planned no more. Not for accounting: plans over all months are large.
            MaxAutoPrepare = role == Aaa ? 0 : 150,
            // What is set is of a transaction, who listens has a connection of his own (Databases), and only accounting makes something temporary.
            NoResetOnClose = role != Aaa,
            ApplicationName = role,
            // Compiling a query pays for reports; our requests read a page and would wait for the compiler.
            Options = string.Join(" ", owner.Options, "-c jit=off").Trim(),
        }.ConnectionString;

    /// <summary>Makes the roles that are absent and repairs those that can do too much or whose password differs. Safe to repeat and to race.</summary>
    /// <exception cref="DatabaseRolesRefused">The owner may not do it, or another installation uses the roles; the message says the mend.</exception>
    public Task EnsureAsync(CancellationToken ct) => EnsureAsync(Names, ct);

    /// <summary>The same for other login roles of this installation: one that a tenant's FreeRADIUS signs in with, for example.</summary>
    public async Task EnsureAsync(IEnumerable<string> names, CancellationToken ct)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(ct);
        try
        {
            // One node of this database at a time. Roles belong to the whole server and the lock does not: see CreateAsync.
            await ExecuteAsync(connection, "SELECT pg_advisory_lock(7237970113470038018)", ct);
            foreach (var role in names)
            {
                await EnsureAsync(connection, role, ct);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseRolesRefused(
                $"The role \"{owner.Username}\" may not make or repair the platform's roles ({e.MessageText}). "
                    + $"As a superuser run: ALTER ROLE \"{owner.Username}\" CREATEROLE;",
                e
            );
        }
    }

    private async Task EnsureAsync(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        var tooMighty = await ScalarAsync(
            connection,
            """
            SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR NOT rolcanlogin
                OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
            FROM pg_roles r WHERE rolname = $1
            """,
            ct,
            role
        );
        switch (tooMighty)
        {
            case null:
                await CreateAsync(connection, role, ct);
                break;
            case true:
                throw new DatabaseRolesRefused(
                    $"The role \"{role}\" has more rights than the platform may work with (superuser, BYPASSRLS, CREATEROLE, membership in another role…). "
                        + $"Take them away, or drop the role: it is made again."
                );
        }

        if (!await CanLogInAsync(role, ct))
        {
            await SetPasswordAsync(connection, role, ct);
        }
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        try
        {
            await FormattedAsync(
                connection,
                "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION NOINHERIT', $1)",
                ct,
                role
            );
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // An installation in another database of the same server made it between our look and our CREATE.
        }
    }

    private async Task SetPasswordAsync(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        var user = await ScalarAsync(
            connection,
            "SELECT datname FROM pg_stat_activity WHERE usename = $1 AND datname <> current_database() LIMIT 1",
            ct,
            role
        );
        if (user is string other)
        {
            throw new DatabaseRolesRefused(
                $"The role \"{role}\" is in use by another installation on this server (database \"{other}\") that another owner set up. "
                    + "Give this one the same owner and password, or a server of its own."
            );
        }

        await FormattedAsync(connection, "SELECT format('ALTER ROLE %I PASSWORD %L', $1, $2)", ct, role, Verifier(Password(role)));
    }

    private async Task<bool> CanLogInAsync(string role, CancellationToken ct)
    {
        var login = new NpgsqlConnectionStringBuilder(ConnectionString(role, 1)) { Pooling = false };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException e)
            when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
    }

    private string Password(string role) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("dotmac/role/" + role)));

    /// <summary>What PostgreSQL stores instead of a password, so that the password itself never reaches its log.</summary>
    /// <remarks><b>Source:</b> RFC 5802 §3, RFC 7677; PostgreSQL manual, pg_authid.rolpassword.</remarks>
    private static string Verifier(string password)
    {
        const int Iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}"
        );
    }

    /// <summary>Runs a statement that takes no parameters; the server itself quotes the values into it.</summary>
    private static async Task FormattedAsync(NpgsqlConnection connection, string format, CancellationToken ct, params object[] values) =>
        await ExecuteAsync(connection, (string)(await ScalarAsync(connection, format, ct, values))!, ct);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync(ct);
    }
}

/// <summary>The platform's roles cannot be made; the message says what to grant or change.</summary>
public sealed class DatabaseRolesRefused : Exception
{
    public DatabaseRolesRefused()
        : this("The platform's database roles were refused.") { }

    public DatabaseRolesRefused(string message)
        : base(message) { }

    public DatabaseRolesRefused(string message, Exception inner)
        : base(message, inner) { }
}
