using System.Data;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Outbox;
using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>
/// One transaction of one scope: as one database role, for one tenant. Everything a use case reads or writes goes through it,
/// and its audit entries and events commit with it or not at all.
/// </summary>
public sealed class UnitOfWork(Databases databases, AuditTrail audit, EventOutbox outbox) : IAsyncDisposable
{
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private bool committed;
    private DatabaseRole openRole;
    private UnitOfWork? host;
    private readonly Dictionary<Type, object> settled = [];

    public NpgsqlConnection Connection => connection ?? throw new InvalidOperationException("No unit of work is open.");

    public NpgsqlTransaction Transaction => transaction ?? throw new InvalidOperationException("No unit of work is open.");

    public Guid? TenantId { get; private set; }

    private AuditTrail Notes => audit;

    private EventOutbox Events => outbox;

    /// <summary>
    /// What a tenant has set (its drivers, its flags), read once and then the same for the whole transaction, in each of its parts. Not for what
    /// the transaction may write itself.
    /// </summary>
    public async ValueTask<T> SettledAsync<T>(Func<Task<T>> read)
        where T : class
    {
        var known = host?.settled ?? settled;
        if (known.TryGetValue(typeof(T), out var value))
        {
            return (T)value;
        }

        var found = await read();
        known[typeof(T)] = found;
        return found;
    }

    /// <summary>
    /// Set by a handler whose refusal must leave a trace (a failed sign-in counts towards the lockout): the transaction then commits
    /// although the result is a refusal.
    /// </summary>
    public bool KeepsOnRefusal { get; set; }

    /// <summary>Opens the transaction and pins the tenant for its length. Without a tenant, tenant tables read as empty.</summary>
    public async Task BeginAsync(DatabaseRole role, Guid? tenantId, CancellationToken ct)
    {
        if (connection is not null)
        {
            throw new InvalidOperationException("A unit of work is already open in this scope.");
        }

        openRole = role;
        committed = false;
        settled.Clear();
        try
        {
            await OpenAsync(await databases.Of(role).OpenConnectionAsync(ct), tenantId, ct);
        }
        catch (Exception e)
            when (UnexpectedErrors.IsDatabaseLoss(e)
                && connection is not null
                && connection.FullState != ConnectionState.Open
                && !ct.IsCancellationRequested
            )
        {
            // A kept connection of before PostgreSQL was restarted. Nothing was done on it: the next one is new.
            await CloseAsync();
            await OpenAsync(await databases.OpenNewAsync(role, ct), tenantId, ct);
        }
    }

    private async Task OpenAsync(NpgsqlConnection opened, Guid? tenantId, CancellationToken ct)
    {
        connection = opened;
        transaction = await connection.BeginTransactionAsync(ct);
        if (tenantId is { } id)
        {
            await PinAsync(id, ct);
        }
        else
        {
            // BEGIN travels with the first statement: without one, a lost connection would show in the middle of the work.
            await connection.ExecuteAsync(new CommandDefinition("SELECT 1", transaction: transaction, cancellationToken: ct));
        }
    }

    /// <summary>Pins the tenant for the rest of this transaction (<c>set_config(…, true)</c>: a pooled connection cannot carry it over).</summary>
    public async Task PinAsync(Guid tenantId, CancellationToken ct)
    {
        await Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT set_config('app.tenant_id', @id, true)",
                new { id = tenantId.ToString() },
                Transaction,
                cancellationToken: ct
            )
        );
        TenantId = tenantId;
    }

    /// <summary>
    /// Works inside another scope's transaction, with entities of its own: one of several parts that are committed together by
    /// <paramref name="other"/>, of which one may be rolled back to a savepoint without the entities of the others knowing.
    /// </summary>
    public void Join(UnitOfWork other)
    {
        if (connection is not null)
        {
            throw new InvalidOperationException("A unit of work is already open in this scope.");
        }

        (host, connection, transaction) = (other, other.Connection, other.Transaction);
        (openRole, TenantId, committed) = (other.openRole, other.TenantId, false);
    }

    /// <summary>Goes back to being closed; what was noted and published goes to the host's, or is forgotten with the part's rows.</summary>
    public void Leave(bool keep)
    {
        if (host is not null && keep)
        {
            audit.MoveTo(host.Notes);
            outbox.MoveTo(host.Events);
        }

        audit.Clear();
        outbox.Clear();
        (host, connection, transaction, committed) = (null, null, null, true);
    }

    public async Task CommitAsync(CancellationToken ct)
    {
        if (host is not null)
        {
            throw new InvalidOperationException("A part does not commit; the unit of work that it joined does.");
        }

        await using var commit = new NpgsqlBatch(Connection, Transaction);
        outbox.AddTo(commit, TenantId);
        audit.AddTo(commit, TenantId);
        if (commit.BatchCommands.Count == 0)
        {
            await Transaction.CommitAsync(ct);
        }
        else
        {
            // In one message: the locks of the audit chain and of NOTIFY, which all writers share, are held for no trip to here and back, and
            // not while the log is flushed either. What follows them is flushed, so when it is done, this is on disk (decision 0045).
            commit.BatchCommands.Insert(0, new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
            commit.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            commit.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_logical_emit_message(true, 'dotmac', '')"));
            await commit.ExecuteNonQueryAsync(ct);
        }

        committed = true;
    }

    /// <summary>
    /// Commits what was done so far and gives the connection back while something slow runs that needs no database (a NAS is asked and
    /// waited for), then goes on in a new transaction. A DbContext resolved before stays with the old one: do not use it afterwards.
    /// </summary>
    public async Task<T> OutsideAsync<T>(Func<Task<T>> slow, CancellationToken ct)
    {
        var tenantId = TenantId;
        await CommitAsync(ct);
        await CloseAsync();
        var result = await slow();
        await BeginAsync(openRole, tenantId, ct);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            Leave(keep: false);
            return;
        }

        if (transaction is not null && !committed)
        {
            audit.Clear();
            outbox.Clear();
        }

        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
            transaction = null;
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
            connection = null;
        }
    }
}
