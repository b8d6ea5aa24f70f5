using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>Changes the settings of one's own tenant; its status is the platform's to change.</summary>
/// <remarks><b>Errors:</b> <c>tenant.changed</c> 412.</remarks>
public static class ChangeTenant
{
    public sealed record Body(Optional<string> Name, Optional<string> TimeZone, Optional<string> Currency, Optional<string> Locale);

    [Requires("settings.write")]
    public sealed record Command(Body Body, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/tenant", Patch).WithName(nameof(ChangeTenant));

    private static async Task<Results<Ok<TenantResponse>, ProblemHttpResult>> Patch(
        Body body,
        HttpContext context,
        IHandle<Command, TenantResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body, Problems.IfMatch(context.Request)), ct)).ToHttp(context.Response, t => t.Version);

    internal sealed class Handler(PlatformDb db) : IHandle<Command, TenantResponse>
    {
        public async Task<Result<TenantResponse>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var tenant = await db.Tenants.SingleAsync(ct);
            if (command.IfVersion is { } version && version != tenant.Version)
            {
                return TenantErrors.Changed;
            }

            // Null clears to what a new tenant has.
            var zone = body.TimeZone.Or(tenant.TimeZone) ?? "UTC";
            var currency = body.Currency.Or(tenant.Currency) ?? "USD";
            var locale = body.Locale.Or(tenant.Locale) ?? "en";
            var name = body.Name.Or(tenant.Name);
            if (new Faults().Name(name).TimeZone(zone).Currency(currency).Locale(locale).Error is { } invalid)
            {
                return invalid;
            }

            tenant.Name = name!.Trim();
            tenant.TimeZone = zone;
            tenant.Currency = currency;
            tenant.Locale = locale;
            tenant.Version++;
            return await db.TrySaveAsync(ct, TenantErrors.Changed) is { } conflict ? conflict : TenantResponse.Of(tenant);
        }
    }
}
