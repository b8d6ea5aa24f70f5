using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Pon.Simulator;

/// <summary>
/// The simulated OLTs of a tenant behind the role of the PON controller. It plays a separate machine: each call is a transaction of its own,
/// on a connection of its own, whatever becomes of the caller's.
/// </summary>
internal sealed class SimulatedOlt(IServiceScopeFactory scopes, CurrentCaller caller, TimeProvider clock) : IPonController
{
    public const string Name = "simulated";

    private static readonly RoleFault Malformed = new("pon.onu_unknown", OnuSerial.Shape);

    public string Driver => Name;

    public bool CallsOut => true;

    public Task<RoleAnswer<OnuState>> ActivateAsync(OnuOrder order, CancellationToken ct) =>
        ActAsync<OnuState>(order.Key, order.Serial, PonAct.Activate, (desk, token) => ActivateAsync(desk, order, token), ct);

    public Task<RoleAnswer<OnuState>> SetEnabledAsync(string key, string serial, bool enabled, CancellationToken ct) =>
        ActAsync<OnuState>(
            key,
            serial,
            enabled ? PonAct.Enable : PonAct.Disable,
            (desk, token) => SetEnabledAsync(desk, serial, enabled, token),
            ct
        );

    public Task<RoleAnswer<OnuState>> RebootAsync(string key, string serial, CancellationToken ct) =>
        ActAsync<OnuState>(key, serial, PonAct.Reboot, (desk, token) => RebootAsync(desk, serial, token), ct);

    public Task<RoleAnswer<Acknowledged>> RemoveAsync(string key, string serial, Guid ownerId, CancellationToken ct) =>
        ActAsync<Acknowledged>(
            key,
            serial,
            PonAct.Remove,
            async (desk, token) =>
            {
                var row = await desk.Books.FindAsync(serial, token);
                if (row is not null && row.OwnerId == ownerId)
                {
                    await desk.Moves.ApplyAsync(row, OnuEvent.RemoveAsked, token);
                    await desk.Fibre.NoticeAsync(serial, token);
                }

                return Acknowledged.Instance;
            },
            ct
        );

    public Task<RoleAnswer<OnuState?>> FindAsync(string serial, CancellationToken ct) =>
        ReadAsync<OnuState?>(async desk => (await desk.Books.FindAsync(serial, ct))?.ToState(), ct);

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> DiscoveredAsync(CancellationToken ct) =>
        ReadAsync<IReadOnlyList<OnuState>>(
            async desk => [.. (await desk.Books.ReadAsync("WHERE u.admin = 0 ORDER BY u.serial", new { }, ct)).Select(r => r.ToState())],
            ct
        );

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> OfOwnerAsync(Guid ownerId, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<OnuState>>(
            async desk =>
                [
                    .. (await desk.Books.ReadAsync("WHERE u.owner_id = @ownerId ORDER BY u.serial", new { ownerId }, ct)).Select(r =>
                        r.ToState()
                    ),
                ],
            ct
        );

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> ListOwnedAsync(string? afterSerial, int limit, CancellationToken ct) =>
        ReadAsync<IReadOnlyList<OnuState>>(
            async desk =>
                [
                    .. (
                        await desk.Books.ReadAsync(
                            "WHERE u.owner_id IS NOT NULL AND (@afterSerial::text IS NULL OR u.serial > @afterSerial) ORDER BY u.serial LIMIT @limit",
                            new { afterSerial, limit },
                            ct
                        )
                    ).Select(r => r.ToState()),
                ],
            ct
        );

    private static async Task<RoleAnswer<OnuState>> ActivateAsync(Desk desk, OnuOrder order, CancellationToken ct)
    {
        var row = await desk.Books.FindAsync(order.Serial, ct);
        if (row is null)
        {
            return new RoleFault("pon.onu_unknown", $"No port has seen {order.Serial}. Is it plugged in and powered?");
        }

        if (row.OwnerId is { } owner && owner != order.OwnerId)
        {
            return new RoleFault("pon.onu_taken", $"{order.Serial} carries the service of {row.Label} already.");
        }

        if (row.Carries(order))
        {
            return row.ToState();
        }

        if (row.OltOper != OltOper.Online)
        {
            return new RoleFault("pon.olt_unreachable", $"{row.OltName} does not answer.", MayPass: true);
        }

        if (await desk.Books.HolderOfTagsAsync(row.OltId, row.Serial, order.ServiceVlan, order.InnerVlan, ct) is { } holder)
        {
            return new RoleFault("pon.vlan_taken", $"{holder} has the tags {order.ServiceVlan}.{order.InnerVlan} on {row.OltName}.");
        }

        row.OwnerId = order.OwnerId;
        row.Label = order.Label;
        row.ServiceVlan = (short?)order.ServiceVlan;
        row.InnerVlan = (short?)order.InnerVlan;
        row.DownKbps = order.DownKbps;
        row.UpKbps = order.UpKbps;
        await desk.Moves.ApplyAsync(row, order.IsUp ? OnuEvent.Ordered : OnuEvent.OrderedDown, ct);
        if (order.IsUp)
        {
            await desk.PutServiceAsync(row, ct);
        }

        return row.ToState();
    }

    private static async Task<RoleAnswer<OnuState>> SetEnabledAsync(Desk desk, string serial, bool enabled, CancellationToken ct)
    {
        var row = await desk.Books.FindAsync(serial, ct);
        if (row?.OwnerId is null)
        {
            return new RoleFault("pon.onu_unknown", $"{serial} carries nobody's service.");
        }

        if (row.OltOper != OltOper.Online)
        {
            return new RoleFault("pon.olt_unreachable", $"{row.OltName} does not answer.", MayPass: true);
        }

        var was = row.Admin;
        await desk.Moves.ApplyAsync(row, enabled ? OnuEvent.EnableAsked : OnuEvent.DisableAsked, ct);
        if (enabled && was != OnuAdmin.Enabled)
        {
            await desk.PutServiceAsync(row, ct);
        }

        return row.ToState();
    }

    private static async Task<RoleAnswer<OnuState>> RebootAsync(Desk desk, string serial, CancellationToken ct)
    {
        var row = await desk.Books.FindAsync(serial, ct);
        if (row is null)
        {
            return new RoleFault("pon.onu_unknown", $"No port has seen {serial}.");
        }

        if (!await desk.Moves.ApplyAsync(row, OnuEvent.RebootAsked, ct))
        {
            return new RoleFault("pon.onu_not_reachable", $"{serial} cannot be told to start anew: it is not online.");
        }

        await desk.Books.NoteAsync("onu_rebooted", row.OltId, serial, "It was told to start anew.", ct);
        return row.ToState();
    }

    /// <summary>Does it once for a key, under the ONU's lock; drills may make it slow, refuse it, or lose its answer.</summary>
    private async Task<RoleAnswer<T>> ActAsync<T>(
        string key,
        string serial,
        PonAct act,
        Func<Desk, CancellationToken, Task<RoleAnswer<T>>> once,
        CancellationToken ct
    )
    {
        if (!OnuSerial.IsWell(serial))
        {
            return Malformed;
        }

        await using var scope = Open();
        var desk = await Desk.OpenAsync(scope, caller, ct);
        var drill = await DrillAsync(desk, ct);
        if (drill.SlowMs > 0)
        {
            var slow = TimeSpan.FromMilliseconds(drill.SlowMs);
            await desk.Work.OutsideAsync(
                async () =>
                {
                    await Task.Delay(slow, clock, ct);
                    return slow;
                },
                ct
            );
        }

        if (drill.Strikes(drill.FailPercent))
        {
            return new RoleFault("pon.olt_unreachable", "The OLT did not answer (drill).", MayPass: true);
        }

        desk.Flows = drill.FlowsFailLater ? FlowState.Pending : FlowState.Installed;
        if (await desk.Books.LockedAndActedAsync(key, serial, act, ct))
        {
            return await SeenAsync<T>(desk, serial, ct);
        }

        var answer = await once(desk, ct);
        if (answer.Fault is not null)
        {
            return answer;
        }

        await desk.Books.ActedAsync(key, serial, act, ct);
        await desk.Work.CommitAsync(ct);
        return drill.Strikes(drill.HalfAnswerPercent)
            ? new RoleFault("pon.olt_unreachable", "The OLT's answer was lost (drill).", MayPass: true)
            : answer;
    }

    private static async Task<RoleAnswer<T>> SeenAsync<T>(Desk desk, string serial, CancellationToken ct)
    {
        if (typeof(T) == typeof(Acknowledged))
        {
            return (T)(object)Acknowledged.Instance;
        }

        var row = await desk.Books.FindAsync(serial, ct);
        return row is null
            ? new RoleFault("pon.onu_unknown", $"{serial} was known when this was asked first, and is not any more.")
            : (T)(object)row.ToState();
    }

    private async Task<RoleAnswer<T>> ReadAsync<T>(Func<Desk, Task<T>> read, CancellationToken ct)
    {
        await using var scope = Open();
        return await read(await Desk.OpenAsync(scope, caller, ct));
    }

    private static async Task<Drill> DrillAsync(Desk desk, CancellationToken ct) =>
        await desk.Work.Connection.QuerySingleOrDefaultAsync<Drill>(
            new CommandDefinition(
                "SELECT slow_ms, fail_percent, half_answer_percent, flows_fail_later FROM pon_simulator_drills",
                transaction: desk.Work.Transaction,
                cancellationToken: ct
            )
        ) ?? new Drill();

    private AsyncServiceScope Open() => scopes.CreateAsyncScope();

    private sealed class Drill
    {
        public int SlowMs { get; init; }
        public short FailPercent { get; init; }
        public short HalfAnswerPercent { get; init; }
        public bool FlowsFailLater { get; init; }

        public bool Strikes(short percent) => percent > 0 && Random.Shared.Next(100) < percent;
    }
}
