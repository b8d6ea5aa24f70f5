using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>A line that is on another VLAN now: the NAS of its live sessions are told, unless the tenant switched that off.</summary>
internal sealed class UpdateLiveVlans(UnitOfWork work, CoaTasks tasks, ITenantFlags flags) : IHandleEvent<LineVlanChanged>
{
    public async Task<Error?> Handle(LineVlanChanged happened, CancellationToken ct)
    {
        if (!(await flags.ReadAsync(ct)).IsOn(TenantFlag.VlanCoaUpdates))
        {
            return null;
        }

        // What it is changed to is read when it is sent: a later change overtakes this one.
        var sessions = await LiveSession.OfSubscriberAsync(work, happened.SubscriberId, ct);
        if (sessions.Any(s => s.VlanId is not null))
        {
            await tasks.QueueAsync(CoaKind.Vlan, CoaChange.Own, sessions, null, "network profile", ct);
        }

        return null;
    }
}
