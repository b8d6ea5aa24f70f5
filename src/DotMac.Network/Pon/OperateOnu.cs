using DotMac.Contracts.External;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>Tells the tenant's controller to enable, disable, restart or forget an ONU.</summary>
/// <remarks>
/// <b>Errors:</b> <c>pon.onu_unknown</c> 404, <c>pon.not_configured</c> 409, <c>pon.onu_not_reachable</c> 409, <c>pon.onu_not_owned</c> 409,
/// <c>pon.olt_unreachable</c> 503.
/// </remarks>
public static class OperateOnu
{
    /// <summary>What is to be done.</summary>
    public enum Deed
    {
        Enable,
        Disable,
        Reboot,
        Delete,
    }

    [Requires("isp.network.pon.write")]
    public sealed record Command(string Serial, Deed Deed);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var deed in new[] { Deed.Enable, Deed.Disable, Deed.Reboot })
        {
            var word = Entities.SnakeCase(deed.ToString());
            app.MapPost(
                    $"/pon/onus/{{serial}}/{word}",
                    (string serial, IHandle<Command, Done> handler, CancellationToken ct) => DoAsync(serial, deed, handler, ct)
                )
                .WithName($"{nameof(OperateOnu)}{deed}");
        }

        app.MapDelete(
                "/pon/onus/{serial}",
                (string serial, IHandle<Command, Done> handler, CancellationToken ct) => DoAsync(serial, Deed.Delete, handler, ct)
            )
            .WithName($"{nameof(OperateOnu)}{Deed.Delete}");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DoAsync(
        string serial,
        Deed deed,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(serial.ToUpperInvariant(), deed), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, Drivers drivers, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var pon = await drivers.ForAsync<IPonController>(ct);
            var key = Guid.CreateVersion7().ToString("N");
            var error = pon.CallsOut
                ? await work.OutsideAsync(() => AskAsync(pon, key, command, ct), ct)
                : await AskAsync(pon, key, command, ct);
            if (error is not null)
            {
                return error;
            }

            audit.Note($"pon_onu.{Entities.SnakeCase(command.Deed.ToString())}", "pon_onu", command.Serial);
            return Done.Instance;
        }

        private static async Task<Error?> AskAsync(IPonController pon, string key, Command command, CancellationToken ct) =>
            command.Deed switch
            {
                Deed.Enable or Deed.Disable => Told(await pon.SetEnabledAsync(key, command.Serial, command.Deed == Deed.Enable, ct)),
                Deed.Reboot => Told(await pon.RebootAsync(key, command.Serial, ct)),
                _ => await RemoveAsync(pon, key, command.Serial, ct),
            };

        private static async Task<Error?> RemoveAsync(IPonController pon, string key, string serial, CancellationToken ct)
        {
            var found = await pon.FindAsync(serial, ct);
            if (Told(found) is { } error)
            {
                return error;
            }

            return found.Value switch
            {
                null => PonErrors.OnuNotFound,
                { OwnerId: { } owner } => Told(await pon.RemoveAsync(key, serial, owner, ct)),
                _ => PonErrors.NotOwned,
            };
        }

        private static Error? Told<T>(RoleAnswer<T> answer) =>
            !answer.IsConfigured ? PonErrors.NotConfigured
            : answer.Fault is { } fault ? PonErrors.Of(fault)
            : null;
    }
}
