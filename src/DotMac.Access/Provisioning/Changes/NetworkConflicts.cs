using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>
/// What others have of what a change names, and reservations that it cannot use when its time has come: found before it is ordered, in the fields
/// of its order. An address plan outside is asked by the run.
/// </summary>
internal sealed class NetworkConflicts(LineWriter writer, Drivers drivers, ITenantFlags flags, UnitOfWork work)
{
    public async Task<IReadOnlyList<Fault>> FindAsync(LineFacts line, NetworkChange state, ChangeNetwork.Body asked, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var told = state.Told(line);
        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var reserved = plan.CallsOut ? [] : state.Addresses.Where(w => w.Reservation is not null).ToList();
        var owners = reserved.Count == 0 ? [] : await LineOwners.OfAsync(work, state.SubscriberId, ct);
        foreach (var wish in reserved)
        {
            var need = wish.ToNeed(line.Ipv6Mode);
            var order = need.ToOrder($"{state.Holder}:{Words.Of(wish.Kind)}", state.Holder, state.Number, line.SiteId, owners);
            var answer = await plan.PreviewAsync(order with { At = asked.At }, ct);
            if ((answer.Fault ?? need.Refusal(answer.Value!, await flags.ReadAsync(ct))) is { } fault)
            {
                faults.Add(new Fault(NetworkWishes.ReservationField(wish.Kind), fault.Code, fault.Message));
            }
            else
            {
                told = told.With(answer.Value!);
            }
        }

        // By the time of one for later, what others have now may be free: its run looks again.
        if (asked.At is not null)
        {
            return faults;
        }

        var taken = await writer.ConflictsAsync(state.SubscriberId, line, told, [.. reserved.Select(w => w.Reservation!.Value)], ct);
        faults.AddRange(taken.Select(f => f with { Field = NetworkWishes.FieldOf(f.Field, asked) }));
        return faults;
    }
}
