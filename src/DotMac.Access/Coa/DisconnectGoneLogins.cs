using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>
/// Disconnects what is online under a login that was disabled, renamed or removed; suspensions have runs of their own. Safe to repeat: it looks at
/// what is live now, and a login that was enabled again meanwhile is left alone. The sessions go to <see cref="CoaWorker"/>: a silent NAS holds up no other event.
/// </summary>
internal sealed class DisconnectGoneLogins(UnitOfWork work, CoaTasks tasks)
    : IHandleEvent<LoginDisabled>,
        IHandleEvent<LoginRenamed>,
        IHandleEvent<SubscriberDeleted>
{
    public async Task<Error?> Handle(LoginDisabled happened, CancellationToken ct) =>
        await IsEnabledAsync(happened.SubscriberId, ct) ? null : await DisconnectAsync(happened.SubscriberId, _ => true, ct);

    public Task<Error?> Handle(SubscriberDeleted happened, CancellationToken ct) => DisconnectAsync(happened.SubscriberId, _ => true, ct);

    public Task<Error?> Handle(LoginRenamed happened, CancellationToken ct) =>
        DisconnectAsync(
            happened.SubscriberId,
            s => string.Equals(s.Username, happened.OldUsername, StringComparison.OrdinalIgnoreCase),
            ct
        );

    private async Task<Error?> DisconnectAsync(Guid subscriber, Predicate<LiveSession> concerned, CancellationToken ct)
    {
        var sessions = (await LiveSession.OfSubscriberAsync(work, subscriber, ct)).Where(s => concerned(s)).ToList();
        if (sessions.Count == 0)
        {
            return null;
        }

        await tasks.QueueAsync(CoaKind.Disconnect, CoaChange.Own, sessions, null, "login changed", ct);
        return null;
    }

    private Task<bool> IsEnabledAsync(Guid subscriber, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM subscribers WHERE id = @subscriber AND enabled AND deleted_at IS NULL)",
                new { subscriber },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
