using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Platform.Identity;

/// <summary>Forgets, once an hour, what has lost its use: ended sessions after 30 days, used-up tokens, idempotency keys after two days.</summary>
internal sealed class ExpiredRows(Databases databases, TimeProvider clock, ILogger<ExpiredRows> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepSessions = TimeSpan.FromDays(30);
    private static readonly TimeSpan KeepAnswers = TimeSpan.FromDays(2);

    /// <summary>Rows deleted. A used refresh token stays as long as its session can live: it tells a thief from its owner.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            new CommandDefinition(
                """
                DELETE FROM user_sessions WHERE expires_at < @sessions;
                DELETE FROM refresh_tokens WHERE expires_at < @now;
                DELETE FROM idempotency_keys WHERE created_at < @answers;
                DELETE FROM outbox WHERE dispatched_at < @answers;
                """,
                new
                {
                    now,
                    sessions = now - KeepSessions,
                    answers = now - KeepAnswers,
                },
                cancellationToken: ct
            )
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e))
            {
                log.LogWarning("Expired sessions stay until the database answers again: {Reason}", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
