using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Radius.Dictionaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Attributes;

/// <summary>Vendors of the loaded dictionaries, with how many attributes each has.</summary>
public static class ListAttributeVendors
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<Vendor> Items);

    /// <param name="Id">IANA enterprise number.</param>
    /// <param name="Format">Octets of type and length before each value, as dictionaries write it: 1,1.</param>
    public sealed record Vendor(long Id, string Name, string Format, int Attributes);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/attributes/vendors", Get).WithName(nameof(ListAttributeVendors));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler : IHandle<Command, Response>
    {
        public Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var dictionary = RadiusDictionary.Default;
            var counts = dictionary.Attributes.GroupBy(a => a.Vendor).ToDictionary(g => g.Key, g => g.Count());
            return Task.FromResult<Result<Response>>(
                new Response([
                    .. dictionary
                        .Vendors.OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase)
                        .Select(v => new Vendor(
                            v.Number,
                            v.Name,
                            FormattableString.Invariant($"{v.TypeOctets},{v.LengthOctets}{(v.HasContinuation ? ",c" : "")}"),
                            counts.GetValueOrDefault(v.Number)
                        )),
                ])
            );
        }
    }
}
