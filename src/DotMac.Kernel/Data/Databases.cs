using System.Data;
using DotMac.Kernel.Http;
using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>As whom a unit of work talks to PostgreSQL. None of these roles owns anything or can bypass row security.</summary>
public enum DatabaseRole
{
    /// <summary>Sees the rows of the pinned tenant only.</summary>
    App,

    /// <summary>The AAA plane: reads logins, NAS and profiles of every tenant, writes accounting.</summary>
    Aaa,

    /// <summary>Identity look-ups before a tenant is known, tenant onboarding, outbox dispatch.</summary>
    Platform,
}

/// <summary>One connection pool per database role.</summary>
public sealed class Databases(string app, string aaa, string platform) : IAsyncDisposable
{
    private readonly NpgsqlDataSource listeners = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(platform) { Pooling = false });

    public NpgsqlDataSource App { get; } = NpgsqlDataSource.Create(app);
    public NpgsqlDataSource Aaa { get; } = NpgsqlDataSource.Create(aaa);
    public NpgsqlDataSource Platform { get; } = NpgsqlDataSource.Create(platform);

    /// <summary>
    /// A connection of the platform's role for LISTEN. It is of no pool, whose connections are given back as they are: what it listens to ends
    /// with it.
    /// </summary>
    public ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken ct) => listeners.OpenConnectionAsync(ct);

    public NpgsqlDataSource Of(DatabaseRole role) =>
        role switch
        {
            DatabaseRole.App => App,
            DatabaseRole.Aaa => Aaa,
            DatabaseRole.Platform => Platform,
            _ => throw new ArgumentOutOfRangeException(nameof(role)),
        };

    /// <summary>
    /// Reads outside a unit of work, and once more on a new connection when the kept one is from before a restart of PostgreSQL. What is done
    /// twice must be what is done once.
    /// </summary>
    public async Task<T> ReadAsync<T>(DatabaseRole role, Func<NpgsqlConnection, Task<T>> read, CancellationToken ct)
    {
        await using (var kept = await Of(role).OpenConnectionAsync(ct))
        {
            try
            {
                return await read(kept);
            }
            catch (Exception e)
                when (UnexpectedErrors.IsDatabaseLoss(e) && kept.FullState != ConnectionState.Open && !ct.IsCancellationRequested)
            {
                NpgsqlConnection.ClearPool(kept);
            }
        }

        await using var renewed = await Of(role).OpenConnectionAsync(ct);
        return await read(renewed);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Aaa.DisposeAsync();
        await Platform.DisposeAsync();
        await listeners.DisposeAsync();
    }
}
