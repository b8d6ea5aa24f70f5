using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Network profiles for workflows, inside their unit of work: the same checks, the same writer as the API's.</summary>
internal sealed class LineProfiles(LineWriter writer, TimeProvider clock) : ILineProfiles
{
    public async Task<LineProfile?> FindAsync(Guid subscriberId, CancellationToken ct) =>
        await writer.FindAsync(subscriberId, ct) is { Profile: not null } line ? line.ToProfile() : null;

    public Task<LineDefaults> DefaultsAsync(Guid? bandwidthProfileId, Guid? siteId, CancellationToken ct) =>
        writer.DefaultsAsync(bandwidthProfileId, siteId, ct);

    public async Task<IReadOnlyList<LineConflict>> ConflictsAsync(Guid subscriberId, Func<LineFacts, LineFacts> told, CancellationToken ct)
    {
        var line = await writer.FindAsync(subscriberId, ct);
        var before = line?.Facts ?? new LineFacts();
        var after = told(before);
        // Without a profile nothing else says whether the inner VLAN is used.
        after = line?.Profile is null ? after with { QinqEnabled = after.InnerVlan is not null } : after;
        return [.. (await writer.ToldAsync(subscriberId, before, after, ct)).Select(f => new LineConflict(f.Field, f.Code, f.Message))];
    }

    public async Task<LineAnswer> CreateAsync(Guid subscriberId, LineOrder order, CancellationToken ct)
    {
        if (await writer.FindAsync(subscriberId, ct) is not { } line)
        {
            return Fault(AccessErrors.SubscriberNotFound);
        }

        var defaults = await writer.DefaultsAsync(order.BandwidthProfileId, order.SiteId, ct);
        return await SetAsync(line, Fields(order, line.Facts).Over(defaults), PairOrigin.Told, ct);
    }

    public async Task<LineAnswer> ChangeAsync(
        Guid subscriberId,
        Func<LineFacts, LineFacts> change,
        CancellationToken ct,
        PairOrigin pair = PairOrigin.Chosen
    ) =>
        await writer.FindAsync(subscriberId, ct) is not { } line ? Fault(AccessErrors.SubscriberNotFound)
        : line.Profile is null ? Fault(NetworkProfileErrors.NotFound)
        : await SetAsync(line, NetworkProfileFields.Of(change(line.Facts)), pair, ct);

    public async Task<LineAnswer> MoveAsync(
        Guid subscriberId,
        IReadOnlyCollection<(AddressFamilyKind Family, AddressState To)> moves,
        CancellationToken ct
    )
    {
        if (await writer.FindAsync(subscriberId, ct) is not { } line)
        {
            return Fault(AccessErrors.SubscriberNotFound);
        }

        if (line.Profile is null)
        {
            return Fault(NetworkProfileErrors.NotFound);
        }

        foreach (var (family, to) in moves)
        {
            if (line.Profile.Move(family, to, clock.GetUtcNow()) is { } refused)
            {
                return Fault(refused);
            }

            if (to == AddressState.Revoked)
            {
                line.ClearAddresses(family);
            }
        }

        return await writer.SaveAsync(line, ct) is { } error ? Fault(error) : line.ToProfile();
    }

    public async Task<bool> DeleteAsync(Guid subscriberId, CancellationToken ct) =>
        await writer.FindAsync(subscriberId, ct) is { Profile: not null } line
        && (
            await writer.DeleteAsync(line, ct) is { } error
                ? throw new InvalidOperationException($"The profile of {subscriberId} cannot be removed: {error.Code}")
                : true
        );

    private async Task<LineAnswer> SetAsync(Line line, NetworkProfileFields fields, PairOrigin pair, CancellationToken ct)
    {
        var read = fields.Read();
        if (read.Error is { } wrong)
        {
            return new LineFault("line.invalid", wrong.Message, [.. wrong.Faults!.Select(f => KeyValuePair.Create(f.Field, f.Message))]);
        }

        return await writer.SetAsync(line, read.Value, pair, ct) is { } error ? Fault(error) : line.ToProfile();
    }

    private static LineAnswer Fault(Error error) => new LineFault(error.Code, error.Message);

    private static NetworkProfileFields Fields(LineOrder order, LineFacts now) =>
        new(
            order.CircuitId,
            order.RemoteId,
            order.Option82Policy is { } policy ? Words.Of(policy) : null,
            order.ServiceVlan,
            order.InnerVlan,
            order.QinqEnabled,
            order.VlanPool,
            order.StaticIpv4?.ToString(),
            null,
            order.Ipv4Pool,
            order.Ipv6Mode is { } mode ? Words.Of(mode) : null,
            order.StaticIpv6?.ToString(),
            order.Ipv6Prefix?.ToString(),
            order.Ipv6Pool,
            order.DelegatedIpv6Prefix?.ToString(),
            order.Ipv6PdSize,
            order.PdPool,
            order.NasIpv4Pool ?? now.NasIpv4Pool,
            order.NasIpv6Pool ?? now.NasIpv6Pool,
            order.NasPdPool ?? now.NasPdPool,
            order.SiteId
        );
}
