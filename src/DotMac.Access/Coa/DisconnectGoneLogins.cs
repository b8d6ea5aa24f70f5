using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>
/// Disconnects what is online under a login that was disabled, suspended, resumed, renamed or removed. Safe to repeat: it looks at what is live now, and a
/// login that was enabled again meanwhile is left alone. The sessions go to <see cref="CoaWorker"/>: a silent NAS holds up no other event.
/// </summary>
internal sealed class DisconnectGoneLogins(UnitOfWork work, CoaTasks tasks)
    : IHandleEvent<LoginDisabled>,
        IHandleEvent<LoginRenamed>,
        IHandleEvent<LoginSuspended>,
        IHandleEvent<LoginResumed>,
        IHandleEvent<SubscriberDeleted>
{
    public async Task<Error?> Handle(LoginDisabled happened, CancellationToken ct) =>
        await IsEnabledAsync(happened.SubscriberId, ct) ? null : await DisconnectAsync(happened.SubscriberId, _ => true, ct);

    /// <summary>The next sign-on is rejected or lands in the walled garden. Resumed meanwhile: nothing to do.</summary>
    public async Task<Error?> Handle(LoginSuspended happened, CancellationToken ct) =>
        await IsSuspendedAsync(happened.SubscriberId, ct) is true ? await DisconnectAsync(happened.SubscriberId, _ => true, ct) : null;

    /// <summary>The next sign-on is an ordinary one. Suspended again meanwhile: nothing to do.</summary>
    public async Task<Error?> Handle(LoginResumed happened, CancellationToken ct) =>
        await IsSuspendedAsync(happened.SubscriberId, ct) is false ? await DisconnectAsync(happened.SubscriberId, _ => true, ct) : null;

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

    private Task<bool?> IsSuspendedAsync(Guid subscriber, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<bool?>(
            new CommandDefinition(
                "SELECT suspended FROM subscribers WHERE id = @subscriber AND deleted_at IS NULL",
                new { subscriber },
                work.Transaction,
                cancellationToken: ct
            )
        );

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
