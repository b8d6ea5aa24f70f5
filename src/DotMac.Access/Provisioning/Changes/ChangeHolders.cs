using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>
/// A change of network holds the new under an owner of its own while the line still has the old (<see cref="NetworkChange.Holder"/>). Whose
/// those owners are: what they hold is no leak while the run goes on or waits for somebody, and is given back with the line.
/// </summary>
internal static class ChangeHolders
{
    private const string OfLine = """
        SELECT (state ->> 'holder')::uuid FROM saga_runs WHERE subject_id = @subscriber AND definition = @Name AND status NOT IN (2, 5) AND NOT queued
        """;

    private const string Unfinished = """
        SELECT (r.state ->> 'holder')::uuid AS holder, r.subject_id FROM saga_runs r
        JOIN subscribers s ON s.tenant_id = r.tenant_id AND s.id = r.subject_id AND s.deleted_at IS NULL AND s.status <> 4
        WHERE r.definition = @Name AND NOT r.queued AND (r.status IN (0, 1, 3, 4, 6) OR (r.status <> 7 AND r.finished_at >= @since))
        """;

    /// <summary>Those of a line's runs that have neither completed nor been undone: under way, degraded, stuck, given up.</summary>
    public static async Task<IReadOnlyList<Guid>> OfAsync(UnitOfWork work, Guid subscriber, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<Guid>(
                new CommandDefinition(OfLine, new { subscriber, NetworkSaga.Name }, work.Transaction, cancellationToken: ct)
            )
        ).AsList();

    /// <summary>Holder → subscriber, of every run that is under way, degraded or stuck, or has ended since; of subscribers that are there.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> UnfinishedAsync(
        UnitOfWork work,
        DateTimeOffset since,
        CancellationToken ct
    ) =>
        (
            await work.Connection.QueryAsync<(Guid Holder, Guid Subscriber)>(
                new CommandDefinition(Unfinished, new { since, NetworkSaga.Name }, work.Transaction, cancellationToken: ct)
            )
        ).ToDictionary(r => r.Holder, r => r.Subscriber);
}
