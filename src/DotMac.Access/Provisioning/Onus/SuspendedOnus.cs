using Dapper;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Access.Subscribers;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>
/// Which lines keep their ONU down because they are suspended. Whatever gives such a line another ONU gives it down, and the resumption brings
/// it up: it is told here that the suspension has this ONU down too.
/// </summary>
internal sealed class SuspendedOnus(UnitOfWork work, SuspensionBook book)
{
    private const string Took = "SELECT coalesce((SELECT onu_down FROM suspension_states WHERE subscriber_id = @Id), false)";

    private const string Keep = "UPDATE suspension_states SET onu_down = true WHERE subscriber_id = @Id AND NOT onu_down";

    /// <summary>True when its suspension has taken the ONU down, or would: it had none, or the run of the suspension is still waiting.</summary>
    public async Task<bool> KeepDownAsync(Subscriber subscriber, CancellationToken ct)
    {
        if (!subscriber.Suspended)
        {
            return false;
        }

        var values = new { subscriber.Id };
        var isDown =
            await work.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(Took, values, work.Transaction, cancellationToken: ct))
            || (await book.JudgeAsync(subscriber.Id, ct)).TakesOnuDown;
        if (isDown)
        {
            await work.Connection.ExecuteAsync(new CommandDefinition(Keep, values, work.Transaction, cancellationToken: ct));
        }

        return isDown;
    }
}
