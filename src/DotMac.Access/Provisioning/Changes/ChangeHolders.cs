using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>
/// A change of network, also one that a change of plan brings, holds the new under an owner of its own while the line still has the old (<see cref="NetworkChange.Holder"/>). Whose
/// those owners are: what they hold is no leak while the run goes on or waits for somebody, and is given back with the line.
/// </summary>
internal static class ChangeHolders
{
    private const string OfLine = """
        SELECT coalesce(state ->> 'holder', state -> 'network' ->> 'holder')::uuid FROM saga_runs
        WHERE subject_id = @subscriber AND definition = ANY (@Names) AND status NOT IN (2, 5) AND NOT queued
            AND coalesce(state ->> 'holder', state -> 'network' ->> 'holder') IS NOT NULL
        """;

    private const string Unfinished = """
        SELECT coalesce(r.state ->> 'holder', r.state -> 'network' ->> 'holder')::uuid AS holder, r.subject_id FROM saga_runs r
        JOIN subscribers s ON s.tenant_id = r.tenant_id AND s.id = r.subject_id AND s.deleted_at IS NULL AND s.status <> 4
        WHERE r.definition = ANY (@Names) AND coalesce(r.state ->> 'holder', r.state -> 'network' ->> 'holder') IS NOT NULL AND NOT r.queued AND (r.status IN (0, 1, 3, 4, 6) OR (r.status <> 7 AND r.finished_at >= @since))
        """;

    private static readonly string[] Names = [NetworkSaga.Name, PlanSaga.Name];

    /// <summary>Those of a line's runs that have neither completed nor been undone: under way, degraded, stuck, given up.</summary>
    public static async Task<IReadOnlyList<Guid>> OfAsync(UnitOfWork work, Guid subscriber, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<Guid>(
                new CommandDefinition(OfLine, new { subscriber, Names }, work.Transaction, cancellationToken: ct)
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
                new CommandDefinition(Unfinished, new { since, Names }, work.Transaction, cancellationToken: ct)
            )
        ).ToDictionary(r => r.Holder, r => r.Subscriber);
}
