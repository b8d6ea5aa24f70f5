using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>Runs the facts of a stored decision against today's data, and tells what would be the same and what would not. Sends nothing, keeps nothing.</summary>
/// <remarks><b>Errors:</b> <c>decision.not_found</c> 404.</remarks>
public static class ReplayDecision
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Id);

    /// <param name="Same">Whether the answer would be the same, for the same reason.</param>
    /// <param name="Differences">What changed: outcome, code, and the versions of the subscriber and its profile.</param>
    /// <param name="Assumptions">What was not kept, and what it was taken to be.</param>
    /// <param name="Reply">What the NAS would be told today; nothing with a reject.</param>
    public sealed record Response(
        DecisionView Then,
        Outcome Today,
        bool Same,
        IReadOnlyList<Difference> Differences,
        IReadOnlyList<string> Assumptions,
        IReadOnlyList<PreviewedAttribute> Reply
    );

    public sealed record Outcome(string Result, string Code, string Rule, string Detail);

    public sealed record Difference(string What, string? Then, string? Today);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/decisions/{id}/replay", Post).WithName(nameof(ReplayDecision));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        string id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, DecisionToday today) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await DecisionQuery.FindAsync(work, command.Id, ct) is not { } then)
            {
                return DecisionErrors.NotFound;
            }

            var login = await today.LoginAsync(then, ct);
            var running = login is null ? 0 : await today.RunningAsync(login, then, ct);
            var rates = login is null ? null : await today.RatesAsync(login, ct);
            var verdict = DecisionToday.Decide(then, login, running);
            var outcome = new Outcome(verdict.Accepted ? "accept" : "reject", verdict.Code, verdict.Rule, verdict.Explanation);
            return new Response(
                then.ToView(),
                outcome,
                verdict.Code == then.CodeText,
                [.. Differences(then, outcome, login, rates)],
                [.. Assumptions(then, login)],
                verdict.Accepted ? DecisionToday.Reply(login!, rates, (NasVendor)(then.Vendor ?? 0)) : []
            );
        }

        private static IEnumerable<Difference> Differences(DecisionRow then, Outcome today, Login? login, Rates? rates)
        {
            (string What, string? Then, string? Today)[] all =
            [
                ("outcome", then.IsAccepted ? "accept" : "reject", today.Result),
                ("code", then.CodeText, today.Code),
                ("subscriber", then.SubscriberId?.ToString(), login?.SubscriberId.ToString()),
                ("subscriber_version", Text(then.LoginVersion), Text(login?.Version)),
                ("profile_version", Text(then.ProfileVersion), Text(rates?.Version)),
            ];
            return all.Where(d => d.Then != d.Today).Select(d => new Difference(d.What, d.Then, d.Today));
        }

        private static IEnumerable<string> Assumptions(DecisionRow then, Login? login)
        {
            if (then.Method == (short)AuthMethod.None || login is null)
            {
                yield break;
            }

            if (then.CodeText == Verdict.PasswordWrong.Code)
            {
                yield return login.Version == then.LoginVersion
                    ? "The password that was sent is not kept. The subscriber has not changed since: it would be wrong again."
                    : "The password that was sent is not kept, and the subscriber was changed since. It is taken as wrong; if the password was what changed, it may be right now.";
            }
            else if (then.IsAccepted || then.Verdict?.Rule is "state" or "line" or "sessions")
            {
                if (login.Version != then.LoginVersion)
                {
                    yield return "The password was right then and is taken as right; the subscriber was changed since.";
                }
            }
            else
            {
                yield return "The password was not looked at then and is taken as right.";
            }

            if (login.Line is not null && then.CircuitId is null && then.RemoteId is null)
            {
                yield return "The line's ids were not looked at then, so the request is taken to have none.";
            }
        }

        private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
    }
}
