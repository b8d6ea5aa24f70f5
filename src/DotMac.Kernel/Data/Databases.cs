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

/// <summary>One connection pool per database role, and connections of none for who listens and for second tries.</summary>
public sealed class Databases(string app, string aaa, string platform) : IAsyncDisposable
{
    private readonly NpgsqlDataSource newApp = Unpooled(app);
    private readonly NpgsqlDataSource newAaa = Unpooled(aaa);
    private readonly NpgsqlDataSource newPlatform = Unpooled(platform);

    public NpgsqlDataSource App { get; } = NpgsqlDataSource.Create(app);
    public NpgsqlDataSource Aaa { get; } = NpgsqlDataSource.Create(aaa);
    public NpgsqlDataSource Platform { get; } = NpgsqlDataSource.Create(platform);

    /// <summary>
    /// A connection of the platform's role for LISTEN. It is of no pool, whose connections are given back as they are: what it listens to ends
    /// with it.
    /// </summary>
    public ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken ct) => newPlatform.OpenConnectionAsync(ct);

    /// <summary>
    /// A connection of no pool: for the second try after one that the pool had kept turned out to be lost. The pool may hold more of those, for
    /// while one caller empties it the next is given what is still to be closed.
    /// </summary>
    public ValueTask<NpgsqlConnection> OpenNewAsync(DatabaseRole role, CancellationToken ct) =>
        Chosen(role, newApp, newAaa, newPlatform).OpenConnectionAsync(ct);

    public NpgsqlDataSource Of(DatabaseRole role) => Chosen(role, App, Aaa, Platform);

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
                // Npgsql empties the pool.
            }
        }

        await using var renewed = await OpenNewAsync(role, ct);
        return await read(renewed);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Aaa.DisposeAsync();
        await Platform.DisposeAsync();
        await newApp.DisposeAsync();
        await newAaa.DisposeAsync();
        await newPlatform.DisposeAsync();
    }

    private static NpgsqlDataSource Unpooled(string connection) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });

    private static T Chosen<T>(DatabaseRole role, T app, T aaa, T platform) =>
        role switch
        {
            DatabaseRole.App => app,
            DatabaseRole.Aaa => aaa,
            DatabaseRole.Platform => platform,
            _ => throw new ArgumentOutOfRangeException(nameof(role)),
        };
}
