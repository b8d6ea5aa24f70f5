using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Jobs;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Platform.Jobs;

/// <summary>Starts jobs of any kind inside the open unit of work, and writes down why.</summary>
internal sealed class JobStarter(IServiceProvider services, IEnumerable<JobKind> kinds, UnitOfWork work)
{
    private const string Insert = """
        INSERT INTO jobs (tenant_id, run_id, kind, name, schedule_id, chain_run_id, fired_at)
        VALUES (@TenantId, @run, @kind, @name, @schedule, @chainRun, @firedAt)
        """;

    private const string Known = "SELECT run_id FROM jobs WHERE schedule_id = @schedule AND fired_at = @firedAt";

    public IEnumerable<JobKind> Kinds => kinds;

    public JobKind? Find(string? name) => kinds.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    /// <summary>The run; of a firing that was seen before, the run that it started then.</summary>
    public async Task<Result<Guid>> StartAsync(
        string kind,
        string parameters,
        string name,
        DateTimeOffset firedAt,
        CancellationToken ct,
        Guid? schedule = null,
        Guid? chainRun = null
    )
    {
        if (Find(kind) is not { } known)
        {
            return Error.Invalid("job.kind_unknown", $"This version has no job of the kind {kind}.");
        }

        // Two that fire one thing at one time meet here; the second finds the first one's run.
        await ExecuteAsync(
            "SELECT pg_advisory_xact_lock(hashtextextended(@lockKey, 31))",
            new { lockKey = $"{schedule}:{firedAt.UtcTicks}" },
            ct
        );
        if (schedule is not null && await ScalarAsync<Guid?>(Known, new { schedule, firedAt }, ct) is { } before)
        {
            return before;
        }

        var started = await known.StartAsync(services, parameters, new RunOrder(null, name, chainRun), ct);
        if (started.Error is null)
        {
            await ExecuteAsync(
                Insert,
                new
                {
                    work.TenantId,
                    run = started.Value,
                    kind,
                    name,
                    schedule,
                    chainRun,
                    firedAt,
                },
                ct
            );
        }

        return started;
    }

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));

    private Task<T?> ScalarAsync<T>(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
}
