using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Asks the NAS of one live session to change it (RFC 5176 CoA): its rate, VLAN, IPv6 prefix, or into the walled garden and back.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>session.not_found</c> 404, <c>session.ambiguous</c> 409, <c>bandwidth_profile.not_found</c> 404,
/// <c>coa.nothing_to_say</c> 422 (neither the request nor the subscriber says what to change to), <c>coa.vlan_updates_off</c> 422. A NAS that refuses or is silent is no error
/// of the call: see <c>outcome</c>; it is asked again in the background. <b>Effects:</b> up to 7 s of waiting; the subscriber is not changed.
/// </remarks>
public static class ChangeSession
{
    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string Id, string Kind, CoaOrder Order);

    /// <param name="Sent">The attributes that said the change; none when the session had to be dropped instead.</param>
    /// <param name="Dropped">A resumed line without a filter of its own is dropped, so that it signs on anew.</param>
    /// <param name="Warnings">What this NAS's vendor will not do.</param>
    public sealed record Response(
        string Kind,
        DisconnectResult Result,
        IReadOnlyList<PreviewedAttribute> Sent,
        bool Dropped,
        IReadOnlyList<string> Warnings
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var kind in new[] { CoaKind.Rate, CoaKind.Vlan, CoaKind.Ipv6Prefix, CoaKind.Suspend, CoaKind.Resume })
        {
            var word = Words.Of(kind);
            app.MapPost(
                    "/radius/sessions/{id}/coa/" + word.Replace('_', '-'),
                    (string id, CoaOrder order, IHandle<Command, Response> handler, CancellationToken ct) =>
                        Post(id, word, order, handler, ct)
                )
                .WithName("ChangeSession" + kind);
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        string id,
        string kind,
        CoaOrder order,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, kind, order), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, NasDoor door, CoaLog log, CoaTasks tasks, CurrentCaller caller, ITenantFlags flags)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (command.Id.AsSpan().IndexOfAny("\r\n\0") >= 0)
            {
                return new Faults().Add("id", "bad_character", "CR, LF and NUL are not allowed.").Error!;
            }

            var kind = Words.Read<CoaKind>(command.Kind)!.Value;
            var read = await command.Order.ReadAsync(kind, work, ct);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            if (kind == CoaKind.Vlan && !(await flags.ReadAsync(ct)).IsOn(TenantFlag.VlanCoaUpdates))
            {
                return CoaErrors.VlanUpdatesOff;
            }

            var sessions = await LiveSession.OfSessionIdAsync(work, command.Id, ct);
            if (sessions.Count != 1)
            {
                return sessions.Count == 0 ? CoaErrors.NothingLive : CoaErrors.Ambiguous(sessions.Count);
            }

            var session = sessions[0];
            var change = read.Value.For(kind, session);
            if (change.Lacks(kind) is { } lack)
            {
                return CoaErrors.NothingToSay(lack);
            }

            // From here on the caller's going away stops nothing: what was asked of a NAS is on record.
            var result = await work.OutsideAsync(
                () => door.AskAsync(kind, change, session, CancellationToken.None),
                CancellationToken.None
            );
            await log.WriteAsync(kind, [result], CancellationToken.None);
            var kept = await tasks.KeepAsync(kind, change, session, result, caller.Value.Name, CancellationToken.None);
            await work.OutsideAsync(() => Task.FromResult(true), CancellationToken.None);
            return new Response(
                command.Kind,
                kept,
                CoaPacket.Preview(kind, change, session.NasVendor),
                CoaPacket.MustDrop(kind, change),
                change.Rates is { } rates ? [.. RateWarnings.Of(rates, session.NasVendor)] : []
            );
        }
    }
}
