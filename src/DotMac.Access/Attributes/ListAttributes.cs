using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Radius.Dictionaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Attributes;

/// <summary>
/// Attributes of the loaded dictionaries (the built-in ones and the site's own) in the order of their names: standard ones, vendors', those
/// that may be checked, those that a reply may carry. <c>q</c> looks into name, number and named values.
/// </summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (cursor).</remarks>
public static class ListAttributes
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Which, string? Q, long? VendorId, int? Limit, string? Cursor, bool Count);

    public sealed record Query(
        string? Q = null,
        [property: FromQuery(Name = "vendor_id")] long? VendorId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var which in new[] { "standard", "vendor", "check-items", "reply-items" })
        {
            app.MapGet(
                    "/radius/attributes/" + which,
                    ([AsParameters] Query query, IHandle<Command, Page<DictionaryAttribute>> handler, CancellationToken ct) =>
                        Get(which, query, handler, ct)
                )
                .WithName("ListAttributes" + which);
        }
    }

    private static async Task<Results<Ok<Page<DictionaryAttribute>>, ProblemHttpResult>> Get(
        string which,
        Query query,
        IHandle<Command, Page<DictionaryAttribute>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(which, query.Q, query.VendorId, query.Limit, query.Cursor, query.Count is true), ct)).ToHttp();

    internal sealed class Handler : IHandle<Command, Page<DictionaryAttribute>>
    {
        public Task<Result<Page<DictionaryAttribute>>> Handle(Command command, CancellationToken ct) => Task.FromResult(Find(command));

        private static Result<Page<DictionaryAttribute>> Find(Command command)
        {
            string? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Kernel.Paging.Cursor.Decode(command.Cursor, 1) is not [{ } name])
                {
                    return Kernel.Paging.Cursor.Malformed;
                }

                after = name;
            }

            var dictionary = RadiusDictionary.Default;
            var found = dictionary
                .Attributes.Where(a => Belongs(a, command))
                .Select(a => DictionaryAttribute.Of(a, dictionary))
                .Concat(command.Which == "check-items" ? AttributeItems.ServerOwn : [])
                .Where(a => Contains(a, Input.Clean(command.Q)))
                .OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)
                .ToList();
            var limit = PageSize.Of(command.Limit);
            var rest = found
                .Where(a => after is null || StringComparer.OrdinalIgnoreCase.Compare(a.Name, after) > 0)
                .Take(limit + 1)
                .ToList();
            return Page<DictionaryAttribute>.Of(
                rest,
                limit,
                a => a,
                a => Kernel.Paging.Cursor.Encode(a.Name),
                command.Count ? found.Count : null
            );
        }

        private static bool Belongs(AttributeDefinition attribute, Command command) =>
            command.Which switch
            {
                "standard" => attribute.Vendor == 0,
                "vendor" => attribute.Vendor != 0 && (command.VendorId is null || attribute.Vendor == command.VendorId),
                "check-items" => AttributeItems.IsCheck(attribute),
                _ => AttributeItems.IsReply(attribute),
            };

        private static bool Contains(DictionaryAttribute attribute, string? q) =>
            q is null
            || attribute.Name.Contains(q, StringComparison.OrdinalIgnoreCase)
            || attribute.Number == q
            || attribute.Values.Any(v => v.Name.Contains(q, StringComparison.OrdinalIgnoreCase));
    }
}
