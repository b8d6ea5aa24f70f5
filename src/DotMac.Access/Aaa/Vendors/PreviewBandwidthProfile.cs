using Dapper;
using DotMac.Access.Aaa.Snapshot;
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

namespace DotMac.Access.Aaa.Vendors;

/// <summary>What a bandwidth profile becomes on the wire for a vendor, or for each of them: in an Access-Accept and in a CoA-Request.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (vendor), <c>bandwidth_profile.not_found</c> 404.</remarks>
public static class PreviewBandwidthProfile
{
    /// <param name="Vendor">mikrotik, cisco, huawei, juniper, nokia, zte, ubiquiti, cambium or generic; all of them when left out.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id, string? Vendor);

    /// <param name="Vendors">One per vendor asked for, in the order of the table.</param>
    public sealed record Response(Guid Id, string Name, IReadOnlyList<OfVendor> Vendors);

    /// <param name="Known">False when the vendor has no words of its own in the table and is told WISPr's.</param>
    /// <param name="AccessAccept">What an Access-Accept carries of this profile.</param>
    /// <param name="CoaRequest">What a CoA-Request that changes the rate carries of it, besides what names the session.</param>
    /// <param name="Warnings">What this vendor will not do with the profile.</param>
    public sealed record OfVendor(
        string Vendor,
        bool Known,
        IReadOnlyList<PreviewedAttribute> AccessAccept,
        IReadOnlyList<PreviewedAttribute> CoaRequest,
        IReadOnlyList<string> Warnings
    );

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/bandwidth-profiles/{id:guid}/preview", Get).WithName(nameof(PreviewBandwidthProfile));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        Guid id,
        string? vendor,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, vendor), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private static readonly Error NotFound = Error.NotFound("bandwidth_profile.not_found", "There is no such bandwidth profile.");

        private const string One = """
            SELECT tenant_id, id, name, download_rate_kbps AS down_kbps, upload_rate_kbps AS up_kbps, download_burst_kbps AS down_burst_kbps,
                upload_burst_kbps AS up_burst_kbps, burst_threshold_percent::int AS burst_threshold_percent,
                burst_time_seconds::int AS burst_time_seconds, priority::int AS priority, vendor_profile_name
            FROM radius_bandwidth_profiles WHERE id = @Id
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (!TryVendors(command.Vendor, out var vendors))
            {
                return new Faults()
                    .Add("vendor", "unknown", $"One of {string.Join(", ", Enum.GetValues<NasVendor>().Select(VendorWords.Of))}.")
                    .Error!;
            }

            var rates = await work.Connection.QuerySingleOrDefaultAsync<Rates>(
                new CommandDefinition(One, new { command.Id }, work.Transaction, cancellationToken: ct)
            );
            return rates is null ? NotFound : new Response(rates.Id, rates.Name, [.. vendors.Select(v => Of(rates, v))]);
        }

        private static bool TryVendors(string? word, out IReadOnlyList<NasVendor> vendors)
        {
            var all = Enum.GetValues<NasVendor>();
            vendors = word is null
                ? all
                : [.. all.Where(v => string.Equals(VendorWords.Of(v), word.Trim(), StringComparison.OrdinalIgnoreCase))];
            return vendors.Count > 0;
        }
    }

    internal static OfVendor Of(Rates rates, NasVendor vendor) =>
        new(
            VendorWords.Of(vendor),
            VendorWords.IsKnown(vendor),
            Attributes(PacketCode.AccessAccept, rates, vendor),
            Attributes(PacketCode.CoaRequest, rates, vendor),
            [.. RateWarnings.Of(rates, vendor)]
        );

    private static IReadOnlyList<PreviewedAttribute> Attributes(PacketCode code, Rates rates, NasVendor vendor)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, code, 0);
        RateAttributes.Write(ref writer, rates, vendor);
        return AttributePreview.Read(buffer.AsSpan(PacketView.HeaderLength..writer.Length), RadiusDictionary.Default);
    }
}
