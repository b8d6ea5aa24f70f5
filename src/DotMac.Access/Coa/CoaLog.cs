using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>Keeps what was asked of a NAS and what it answered: a row of coa_requests and an audit entry per session.</summary>
internal sealed class CoaLog(UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    public async Task WriteAsync(
        CoaKind kind,
        IReadOnlyList<DisconnectResult> results,
        CancellationToken ct,
        Guid? task = null,
        bool audited = true
    )
    {
        foreach (var result in results)
        {
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO coa_requests (tenant_id, id, at, kind, username, acctsessionid, nas_id, outcome, error_cause, message, attempts, duration_ms, task_id)
                    VALUES (@TenantId, @id, @at, @kind, @Username, @SessionId, @nas, @Outcome, @cause, @Message, @Attempts, @DurationMs, @task)
                    """,
                    new
                    {
                        work.TenantId,
                        id = Guid.CreateVersion7(),
                        at = clock.GetUtcNow(),
                        kind = Words.Of(kind),
                        task,
                        result.Username,
                        result.SessionId,
                        nas = result.Nas?.Id,
                        result.Outcome,
                        cause = result.ErrorCause?.Value,
                        result.Message,
                        result.Attempts,
                        result.DurationMs,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (!audited)
            {
                continue;
            }

            var after = JsonSerializer.Serialize(
                new
                {
                    username = result.Username,
                    acct_session_id = result.SessionId,
                    nas = result.Nas?.Shortname,
                    outcome = result.Outcome,
                    error_cause = result.ErrorCause?.Name,
                }
            );
            audit.Note("session." + Words.Of(kind), "session", result.Id, after: after);
        }
    }
}
