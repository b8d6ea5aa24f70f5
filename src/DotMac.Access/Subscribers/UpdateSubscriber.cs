using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Changes the given fields of a subscriber; in force for new sign-ons within a second.</summary>
/// <remarks>
/// <b>Errors:</b> those of <see cref="CreateSubscriber"/>, <c>subscriber.not_found</c> 404, <c>subscriber.not_in_service</c> 409, <c>subscriber.changed</c> 412 (If-Match does not
/// fit, or a race was lost). <b>Effects:</b> a login that is disabled, suspended, resumed or renamed is disconnected by the worker, so that
/// it signs on anew as what it is now.
/// </remarks>
public static class UpdateSubscriber
{
    /// <summary>Absent keeps, null clears (or sets back to the default). A null password is refused.</summary>
    public sealed record Body(
        Optional<string> Username,
        Optional<string> Password,
        Optional<string> FullName,
        Optional<string> SubscriberNumber,
        Optional<Guid?> BandwidthProfileId,
        Optional<string> FramedIpv4Address,
        Optional<string> FramedIpv4Netmask,
        Optional<string> FramedIpv6Prefix,
        Optional<string> FramedIpv6Address,
        Optional<string> DelegatedIpv6Prefix,
        Optional<int?> VlanId,
        Optional<int?> InnerVlan,
        Optional<int?> SessionTimeout,
        Optional<int?> IdleTimeout,
        Optional<int?> SimultaneousUse,
        Optional<int?> AcctInterimInterval,
        Optional<string> FilterId,
        Optional<string> Notes,
        Optional<bool?> Enabled,
        Optional<string> CircuitId,
        Optional<string> RemoteId,
        Optional<string> Option82Policy,
        Optional<string> Ipv6Mode,
        Optional<string> FramedIpv4Pool,
        Optional<string> FramedIpv6Pool,
        Optional<string> DelegatedIpv6Pool,
        Optional<IReadOnlyList<string?>> FramedRoutes,
        Optional<string> MacAddress,
        Optional<bool?> Suspended,
        Optional<string> SuspensionReason,
        Optional<string> WalledGardenFilterId,
        Optional<string> ServiceAddress,
        Optional<double?> ServiceLatitude,
        Optional<double?> ServiceLongitude
    );

    [Requires("isp.radius.write")]
    public sealed record Command(string Key, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPatch(routeBase + "/{key}", Patch).WithName(SubscriberKey.Name(nameof(UpdateSubscriber), routeBase));
        }
    }

    private static async Task<Results<Ok<SubscriberView>, ProblemHttpResult>> Patch(
        string key,
        Body body,
        IHandle<Command, SubscriberView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, s => s.Version);

    internal sealed class Handler(
        AccessDb db,
        UnitOfWork work,
        EventOutbox outbox,
        ITenantFlags flags,
        SecretBox box,
        ISuspensions suspensions,
        ILineProfiles lines,
        TimeProvider clock
    ) : IHandle<Command, SubscriberView>
    {
        public async Task<Result<SubscriberView>> Handle(Command command, CancellationToken ct)
        {
            var subscriber = await LoadedSubscriber.OfAsync(db, work, command.Key, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (command.IfMatch is { } version && version != subscriber.Version)
            {
                return SubscriberErrors.Changed;
            }

            var fields = Merge(subscriber, command.Change).Cleaned((await flags.ReadAsync(ct)).Option82DefaultPolicy);
            var read = fields.Read(passwordNeeded: command.Change.Password.IsSet);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            // A terminated line of that name goes first: what it still has is not another's.
            await SubscriberNames.FreeAsync(work, fields.Username!, fields.SubscriberNumber, clock.GetUtcNow(), ct, subscriber.Id);
            var names = await SubscriberNames.TakenAsync(work, fields, subscriber.Id, ct);
            var told = await lines.ConflictsAsync(subscriber.Id, line => fields.On(line, read.Value), ct);
            if (names.Concat(told).ToList() is { Count: > 0 } taken)
            {
                return SubscriberErrors.Taken(taken);
            }

            var (username, enabled, garden) = (subscriber.Username, subscriber.Enabled, subscriber.WalledGardenFilterId);
            if (fields.ApplyTo(subscriber, read.Value, clock.GetUtcNow()) is { } fault)
            {
                return fault;
            }

            subscriber.SubscriberNumber = fields.SubscriberNumber ?? subscriber.SubscriberNumber;
            if (fields.Password is not null && fields.Password != box.Open(SecretPurpose.SubscriberPassword, subscriber.Password))
            {
                subscriber.Password = box.Seal(SecretPurpose.SubscriberPassword, fields.Password);
            }

            if (db.ChangeTracker.HasChanges())
            {
                subscriber.Touch(clock.GetUtcNow());
                if (await db.TrySaveAsync(ct, SubscriberErrors.Changed, SubscriberErrors.Conflicts(fields)) is { } error)
                {
                    return error;
                }
            }

            if (username != subscriber.Username)
            {
                outbox.Publish(new LoginRenamed(subscriber.Id, username, subscriber.Username));
            }

            if (enabled && !subscriber.Enabled)
            {
                outbox.Publish(new LoginDisabled(subscriber.Id, subscriber.Username));
            }

            return await SuspendAsync(subscriber, fields, garden != subscriber.WalledGardenFilterId, ct) is { } unfinished
                ? unfinished
                : (await SubscriberView.FindAsync(work, subscriber.Id, ct))!;
        }

        /// <summary>What is said here about the suspension is the reason "administrative"; the keeper of the reasons says what follows.</summary>
        private async Task<Error?> SuspendAsync(Subscriber subscriber, SubscriberFields fields, bool gardenChanged, CancellationToken ct)
        {
            if (fields.Suspended == subscriber.Suspended && fields.SuspensionReason == subscriber.SuspensionReason)
            {
                return gardenChanged && subscriber.Suspended && await suspensions.LookAgainAsync(subscriber.Id, ct) is null
                    ? SubscriberErrors.Changed
                    : null;
            }

            if (fields.Suspended is true)
            {
                var order = new SuspensionOrder(subscriber.Id, SuspensionReason.Administrative, fields.SuspensionReason);
                return await suspensions.AddAsync(order, ct) is null ? SubscriberErrors.Changed : null;
            }

            return await suspensions.EndAsync(subscriber.Id, SuspensionReason.Administrative, null, ct) switch
            {
                null => SubscriberErrors.Changed,
                { Suspended: true } => SubscriberErrors.ReasonsLeft,
                _ => null,
            };
        }

        private static SubscriberFields Merge(Subscriber now, Body change) =>
            new(
                change.Username.Or(now.Username),
                change.Password.Or(null),
                change.FullName.Or(now.FullName),
                change.SubscriberNumber.Or(now.SubscriberNumber),
                change.BandwidthProfileId.Or(now.BandwidthProfileId),
                change.FramedIpv4Address.Or(now.FramedIpv4Address?.ToString()),
                change.FramedIpv4Netmask.Or(now.FramedIpv4Netmask?.ToString()),
                change.FramedIpv6Prefix.Or(now.FramedIpv6Prefix?.ToString()),
                change.FramedIpv6Address.Or(now.FramedIpv6Address?.ToString()),
                change.DelegatedIpv6Prefix.Or(now.DelegatedIpv6Prefix?.ToString()),
                change.VlanId.Or(now.VlanId),
                change.InnerVlan.Or(now.InnerVlan),
                change.SessionTimeout.Or(now.SessionTimeout),
                change.IdleTimeout.Or(now.IdleTimeout),
                change.SimultaneousUse.Or(now.SimultaneousUse),
                change.AcctInterimInterval.Or(now.AcctInterimInterval),
                change.FilterId.Or(now.FilterId),
                change.Notes.Or(now.Notes),
                change.Enabled.Or(now.Enabled),
                change.CircuitId.Or(now.CircuitId),
                change.RemoteId.Or(now.RemoteId),
                change.Option82Policy.Or(Words.Of(now.Option82Policy)),
                change.Ipv6Mode.Or(now.Ipv6Mode is { } mode ? Words.Of(mode) : null),
                change.FramedIpv4Pool.Or(now.FramedIpv4Pool),
                change.FramedIpv6Pool.Or(now.FramedIpv6Pool),
                change.DelegatedIpv6Pool.Or(now.DelegatedIpv6Pool),
                change.FramedRoutes.Or(now.FramedRoutes),
                change.MacAddress.Or(now.MacAddress),
                change.Suspended.Or(now.Suspended),
                // Resuming takes the reason away; nobody has to say so.
                change.SuspensionReason.Or(change.Suspended.Or(now.Suspended) == true ? now.SuspensionReason : null),
                change.WalledGardenFilterId.Or(now.WalledGardenFilterId),
                change.ServiceAddress.Or(now.ServiceAddress),
                change.ServiceLatitude.Or(now.ServiceLatitude),
                change.ServiceLongitude.Or(now.ServiceLongitude)
            );
    }
}
