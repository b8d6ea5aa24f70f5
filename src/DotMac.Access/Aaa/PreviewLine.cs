using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa;

/// <summary>What an Access-Accept would carry for a subscriber's line now, read back from its octets: profile, flags and rates as they are in force.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>validation.failed</c> 400 (vendor).</remarks>
public static class PreviewLine
{
    /// <param name="Vendor">Of the NAS; generic when left out.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, string? Vendor);

    /// <param name="NotSent">Fields of the profile that hold something which is not in force now: a flag, a state or the profile itself keeps it back.</param>
    public sealed record Response(string Vendor, IReadOnlyList<PreviewedAttribute> Attributes, IReadOnlyList<string> NotSent);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/network/subscribers/{key}/profile/reply", Get).WithName(nameof(PreviewLine));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string key,
        string? vendor,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, vendor), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SnapshotRows rows) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var vendor = command.Vendor is { } word ? Words.Read<NasVendor>(word.Trim()) : NasVendor.Generic;
            if (vendor is not { } known)
            {
                return new Faults().Add("vendor", "unknown", $"One of {Words.All<NasVendor>()}.").Error!;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            Login? login = null;
            await foreach (var found in rows.LoginsAsync([(work.TenantId!.Value, id)], ct))
            {
                login = found;
            }

            if (login is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var rates = (await rows.RatesAsync(ct)).Find(r => r.Id == (login.ThrottleProfileId ?? login.BandwidthProfileId));
            return new Response(Words.Of(known), Read(login, rates, known), [.. KeptBack(login)]);
        }
    }

    private static IReadOnlyList<PreviewedAttribute> Read(Login login, Rates? rates, NasVendor vendor)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccessAccept, 0);
        ReplyAttributes.Write(ref writer, login, rates, vendor);
        return AttributePreview.Read(buffer.AsSpan(PacketView.HeaderLength..writer.Length), RadiusDictionary.Default);
    }

    /// <summary>By the names of the profile's fields.</summary>
    internal static IEnumerable<string> KeptBack(Login login)
    {
        var stored = login.Stored ?? login;
        var mode = Ipv6Line.ModeOf(login);
        var (link, address, delegated) = (
            mode is Ipv6Mode.Slaac or Ipv6Mode.DualStack,
            mode is Ipv6Mode.Stateful or Ipv6Mode.DualStack,
            mode is Ipv6Mode.Pd or Ipv6Mode.DualStack
        );
        (string Field, bool IsSet, bool IsSent)[] fields =
        [
            ("service_vlan", stored.VlanId is not null, login.VlanId is not null),
            ("inner_vlan", stored.InnerVlan is not null, login.InnerVlan is not null && login.VlanId is not null),
            ("static_ipv4", stored.FramedIpv4Address is not null, login.FramedIpv4Address is not null),
            ("ipv6_prefix", stored.FramedIpv6Prefix is not null, link && login.FramedIpv6Prefix is not null),
            ("static_ipv6", stored.FramedIpv6Address is not null, address && login.FramedIpv6Address is not null),
            ("delegated_ipv6_prefix", stored.DelegatedIpv6Prefix is not null, delegated && login.DelegatedIpv6Prefix is not null),
            ("nas_ipv4_pool", stored.FramedIpv4Pool is not null, login.FramedIpv4Address is null && login.FramedIpv4Pool is not null),
        ];
        return fields.Where(f => f.IsSet && !f.IsSent).Select(f => f.Field);
    }
}
