using System.Text.Json.Serialization;
using DotMac.Access.Provisioning.Provision;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning;

/// <summary>What an order would be given and what would be sent where, now. Nothing is reserved: somebody else may be quicker.</summary>
/// <remarks><b>Errors:</b> as of <see cref="ProvisionSubscriber"/>.</remarks>
public static class PreviewProvisioning
{
    [Requires(ProvisionSubscriber.Permission)]
    public sealed record Command(ProvisionFields Order)
    {
        [JsonIgnore]
        internal Rehearsed Rehearsed { get; init; } = Rehearsed.Nothing;
    }

    /// <param name="Pool">Where it comes from; null when it is static and lies in none.</param>
    public sealed record PreviewAddress(string Network, string? Pool, string? Gateway);

    public sealed record PreviewVlan(int ServiceVlan, int? InnerVlan, string? Pool);

    /// <summary>What the OLT would be told.</summary>
    public sealed record PreviewOnu(string Serial, string? OltName, string? PonPort, bool Simulated, int DownKbps, int UpKbps);

    /// <summary>Rates in kbit/s.</summary>
    public sealed record PreviewPlan(Guid Id, string Name, int DownKbps, int UpKbps);

    /// <param name="NetworkProfile">The line with its defaults and what would be allocated.</param>
    /// <param name="Steps">Each step of the run with the system it acts on, in order.</param>
    public sealed record Response(
        PreviewPlan Plan,
        NetworkProfiles.NetworkProfileFields NetworkProfile,
        PreviewAddress? Ipv4,
        PreviewAddress? Ipv6,
        PreviewAddress? DelegatedPrefix,
        PreviewVlan? Vlan,
        PreviewOnu? Onu,
        IReadOnlyList<PreviewStep> Steps
    );

    public sealed record PreviewStep(string Name, string Target, bool Required);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/provisioning/subscribers/preview", Post).WithName(nameof(PreviewProvisioning));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        ProvisionFields body,
        IHandle<Command, Response> handler,
        Rehearsal rehearsal,
        CurrentCaller caller,
        CancellationToken ct
    )
    {
        var order = body.Cleaned();
        var rehearsed = await rehearsal.TryAsync(order, caller.Value, ct);
        return (await handler.Handle(new Command(order) { Rehearsed = rehearsed }, ct)).ToHttp();
    }

    internal sealed class Handler(ProvisionCheck check) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var read = await check.ReadAsync(command.Order, command.Rehearsed, ct);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            var (order, said) = (read.Value, command.Rehearsed);
            var state = new ProvisionState
            {
                SubscriberId = Guid.Empty,
                ServiceId = Guid.Empty,
                PlanId = order.Plan.Id,
                Username = order.Fields.Username!,
                Password = [],
                Line = order.Line,
                Facts = order.Facts,
                Ipv4 = said.Ipv4,
                Ipv6 = said.Ipv6,
                DelegatedPrefix = said.DelegatedPrefix,
                Vlan = said.Vlan,
            };
            return new Response(
                new PreviewPlan(order.Plan.Id, order.Plan.Name, order.Plan.DownKbps, order.Plan.UpKbps),
                NetworkProfiles.NetworkProfileFields.Of(state.FactsWithHoldings()),
                Shown(said.Ipv4),
                Shown(said.Ipv6),
                Shown(said.DelegatedPrefix),
                said.Vlan is { } vlan ? new PreviewVlan(vlan.ServiceVlan, vlan.InnerVlan, vlan.Pool) : null,
                order.Fields.OnuSerial is { } serial && said.IsOnuConfigured
                    ? new PreviewOnu(
                        serial,
                        said.Onu?.OltName,
                        said.Onu?.PonPort,
                        said.Onu?.IsSimulated == true,
                        order.Plan.DownKbps,
                        order.Plan.UpKbps
                    )
                    : null,
                [.. ProvisionSaga.Definition.Steps.Select(s => new PreviewStep(s.Name, s.Target, s.IsRequired))]
            );
        }

        private static PreviewAddress? Shown(Contracts.External.HeldAddress? held) =>
            held is null ? null : new PreviewAddress(held.Network.ToString(), held.Pool, held.Gateway?.ToString());
    }
}
