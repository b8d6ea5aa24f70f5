using System.Globalization;
using System.Net;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa;

/// <summary>
/// Whether a login may come in from where it asks (state, Option 82), and on which VLAN: what a FreeRADIUS asks that proves the password
/// itself. Counts as a check of the line: metrics, the subscriber's record and its alerts follow.
/// </summary>
/// <remarks>
/// Works from memory, on nodes with the aaa role. A reject is 200 with <c>accept: false</c>; for rlm_rest, which goes by the status (it
/// sends <c>X-FreeRADIUS-Section</c>), it is 401 with the same body. <b>Errors:</b> <c>validation.failed</c> 400, <c>radius.role_missing</c> 503.
/// </remarks>
public static class ValidateAccessRequest
{
    /// <param name="NasIpAddress">The NAS's address; it is named in alerts.</param>
    /// <param name="NasPortId">Taken, not compared.</param>
    /// <param name="CircuitId">As text, or octets as 0x… (so FreeRADIUS writes them); with or without its DHCP sub-option around it.</param>
    /// <param name="RemoteId">Likewise.</param>
    public sealed record Body(
        string? Username = null,
        string? NasIpAddress = null,
        string? NasPortId = null,
        string? CircuitId = null,
        string? RemoteId = null
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Body Asked);

    /// <param name="Reason">The decision's code: accepted, option82.mismatch, login.disabled, …</param>
    /// <param name="ValidationResult">match, mismatch, missing, no_profile, ignored; not_checked when it was rejected before.</param>
    /// <param name="VlanAttributes">Tunnel attributes by FreeRADIUS's names with their tags; empty without a VLAN and with a reject.</param>
    public sealed record Response(
        bool Accept,
        string Reason,
        string Message,
        string ValidationResult,
        IReadOnlyDictionary<string, string> VlanAttributes,
        Details Details
    );

    /// <param name="Policy">enforce, log or ignore; null when the subscriber has no ids configured.</param>
    /// <param name="MismatchFields">circuit_id, remote_id: those that differ.</param>
    public sealed record Details(
        string? Policy,
        string? ExpectedCircuitId,
        string? ActualCircuitId,
        string? ExpectedRemoteId,
        string? ActualRemoteId,
        IReadOnlyList<string> MismatchFields
    );

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/validate-access-request", Post).WithName(nameof(ValidateAccessRequest));

    private static async Task<Results<Ok<Response>, JsonHttpResult<Response>, ProblemHttpResult>> Post(
        Body body,
        HttpRequest request,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var answer = await handler.Handle(new Command(body), ct);
        if (answer.Error is { } refusal)
        {
            return Problems.ToProblem(refusal);
        }

        return answer.Value.Accept || !request.Headers.ContainsKey("X-FreeRADIUS-Section")
            ? TypedResults.Ok(answer.Value)
            : TypedResults.Json(answer.Value, statusCode: StatusCodes.Status401Unauthorized);
    }

    internal sealed class Handler(UnitOfWork work, IEnumerable<AaaSnapshot> snapshots, IEnumerable<AccessJudge> judges)
        : IHandle<Command, Response>
    {
        public Task<Result<Response>> Handle(Command command, CancellationToken ct) => Task.FromResult(Answer(command.Asked));

        private Result<Response> Answer(Body asked)
        {
            if (snapshots.FirstOrDefault() is not { IsLoaded: true } snapshot || judges.FirstOrDefault() is not { } judge)
            {
                return AaaErrors.RoleMissing;
            }

            var nasAddress = Input.Clean(asked.NasIpAddress);
            var faults = new Faults()
                .Text("username", asked.Username, 1, Username.MostChars)
                .Check(nasAddress is null || IPAddress.TryParse(nasAddress, out _), "nas_ip_address", "bad_format", "Give an IP address.")
                .Text("nas_port_id", asked.NasPortId, 0, LineId.MostOctets)
                .Check(
                    asked.CircuitId is null || asked.CircuitId.Length <= 2 + LineId.MostChars,
                    "circuit_id",
                    "too_long",
                    "At most 253 octets."
                )
                .Check(
                    asked.RemoteId is null || asked.RemoteId.Length <= 2 + LineId.MostChars,
                    "remote_id",
                    "too_long",
                    "At most 253 octets."
                );
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var tenant = work.TenantId!.Value;
            var ids = LineIds.Of(asked.CircuitId, asked.RemoteId);
            if (snapshot.Find(tenant, asked.Username!.Trim()) is not { } login)
            {
                return Reply(Verdict.LoginUnknown, null, new Option82Finding(Option82Result.NoProfile), ids);
            }

            var nas = nasAddress is null ? null : snapshot.Nas.Of(tenant, IPAddress.Parse(nasAddress));
            var verdict = judge.JudgeLine(nas, login, ids, out var line);
            return Reply(verdict, login, line, ids);
        }

        private static Response Reply(Verdict verdict, Login? login, in Option82Finding line, LineIds ids)
        {
            List<string> differ = [];
            if (line.Result == Option82Result.Mismatch)
            {
                differ.AddRange(line.CircuitDiffers ? ["circuit_id"] : []);
                differ.AddRange(line.RemoteDiffers ? ["remote_id"] : []);
            }

            return new Response(
                verdict.Accepted,
                verdict.Code,
                verdict.Explanation,
                Words.Of(line.Result),
                verdict.Accepted ? Vlans(login!) : new Dictionary<string, string>(StringComparer.Ordinal),
                new Details(
                    login?.Line is { } configured ? Words.Of(configured.Policy) : null,
                    login?.Line?.CircuitId,
                    ids.Circuit.IsEmpty ? null : LineId.Of(ids.Circuit),
                    login?.Line?.RemoteId,
                    ids.Remote.IsEmpty ? null : LineId.Of(ids.Remote),
                    differ
                )
            );
        }

        private static Dictionary<string, string> Vlans(Login login)
        {
            var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
            if (login.VlanId is { } service)
            {
                Add(attributes, 1, service);
                if (login.InnerVlan is { } customer)
                {
                    Add(attributes, 2, customer);
                }
            }

            return attributes;
        }

        private static void Add(Dictionary<string, string> attributes, int tag, short vlan)
        {
            var suffix = ":" + tag.ToString(CultureInfo.InvariantCulture);
            attributes["Tunnel-Type" + suffix] = "VLAN";
            attributes["Tunnel-Medium-Type" + suffix] = "IEEE-802";
            attributes["Tunnel-Private-Group-Id" + suffix] = vlan.ToString(CultureInfo.InvariantCulture);
        }
    }
}
