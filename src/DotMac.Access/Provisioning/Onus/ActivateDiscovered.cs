using DotMac.Contracts.Access;
using DotMac.Contracts.Network;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>
/// Where the tenant wants it so: an ONU that is discovered, and whose serial stands on a subscriber in service, carries his service by
/// itself. One that is being provisioned is his run's to activate.
/// </summary>
internal sealed class ActivateDiscovered(AccessDb db, ISagaRuns runs) : IHandleEvent<OnuDiscovered>
{
    public async Task<Error?> Handle(OnuDiscovered happened, CancellationToken ct)
    {
        if (!happened.IsAutomatic)
        {
            return null;
        }

        var subscriber = await db.Subscribers.SingleOrDefaultAsync(
            s => s.OnuSerial == happened.Serial && s.DeletedAt == null && s.Status == SubscriberStatus.Active,
            ct
        );
        if (subscriber is null)
        {
            return null;
        }

        // Somebody is at work on the line: the event comes again until he is done, and finds it as he left it.
        var started = await ProvisionOnu.StartAsync(runs, subscriber, happened.Serial, ct);
        return started.Error;
    }
}
