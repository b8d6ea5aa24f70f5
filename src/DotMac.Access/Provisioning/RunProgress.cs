using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning;

/// <summary>A run that was begun, and how far it is when somebody waited for it.</summary>
/// <param name="ServiceId">Null when a subscriber without a service gives back what it holds.</param>
/// <param name="Status">pending, running, completed, degraded, compensating, compensated, stuck or given_up.</param>
/// <param name="Error">Why it turned back.</param>
public sealed record RunStarted(Guid RunId, Guid SubscriberId, Guid? ServiceId, string Status, RunFault? Error = null);

/// <param name="Step">Where it happened.</param>
public sealed record RunFault(string? Step, string Code, string? Message);

/// <summary>Waits for a run on behalf of a caller who asked for it, with no transaction open between two looks.</summary>
internal sealed class RunProgress(IServiceScopeFactory scopes, TimeProvider clock)
{
    public const int MostSeconds = 60;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    public static string Location(Guid run) => $"/api/v1/provisioning/runs/{run}";

    public async Task<RunStarted> WaitAsync(RunStarted started, int? seconds, Caller caller, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var patience = TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, MostSeconds));
        while (clock.GetElapsedTime(start) < patience)
        {
            await Task.Delay(Look, clock, ct);
            var row = await LookAsync(started.RunId, caller, ct);
            started = started with
            {
                Status = Words.Of((SagaStatus)row.Status),
                Error = row.ErrorCode is { } code ? new RunFault(row.ErrorStep, code, row.ErrorMessage) : null,
            };
            if ((SagaStatus)row.Status is not (SagaStatus.Pending or SagaStatus.Running or SagaStatus.Compensating))
            {
                break;
            }
        }

        return started;
    }

    private async Task<Row> LookAsync(Guid run, Caller caller, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, caller.TenantId, ct);
        return await work.Connection.QuerySingleAsync<Row>(
            new CommandDefinition(
                "SELECT status, error_step, error_code, error_message FROM saga_runs WHERE id = @run",
                new { run },
                work.Transaction,
                cancellationToken: ct
            )
        );
    }

    private sealed record Row(short Status, string? ErrorStep, string? ErrorCode, string? ErrorMessage);
}
