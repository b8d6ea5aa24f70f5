using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Says that a finding is known and is to stay, with a reason and perhaps until a time; or takes that back.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>finding.not_found</c> 404.</remarks>
public static class IgnoreFinding
{
    /// <param name="Until">Null: for good.</param>
    public sealed record Body(string? Reason, DateTimeOffset? Until = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, bool Ignored, string? Reason, DateTimeOffset? Until);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/reconciliation/findings/{id:guid}/ignore", Post).WithName(nameof(IgnoreFinding));
        app.MapDelete("/reconciliation/findings/{id:guid}/ignore", Delete).WithName("HeedFinding");
    }

    private static async Task<Results<Ok<FindingView>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, FindingView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, true, body.Reason, body.Until), ct)).ToHttp();

    private static async Task<Results<Ok<FindingView>, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, FindingView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, false, null, null), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, TimeProvider clock)
        : IHandle<Command, FindingView>
    {
        private const string Set = """
            UPDATE reconciliation_findings SET ignored_at = @at, ignored_by = @by, ignored_until = @until, ignore_reason = @reason WHERE id = @Id
            """;

        public async Task<Result<FindingView>> Handle(Command command, CancellationToken ct)
        {
            if (command.Ignored && new Faults().Text("reason", command.Reason, 3, 500).Error is { } error)
            {
                return error;
            }

            var reason = command.Ignored ? command.Reason!.Trim() : null;
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    Set,
                    new
                    {
                        command.Id,
                        at = command.Ignored ? clock.GetUtcNow() : (DateTimeOffset?)null,
                        by = command.Ignored ? caller.Value.Name : null,
                        until = command.Until?.ToUniversalTime(),
                        reason,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (await FindingView.FindAsync(work, command.Id, ct) is not { } view)
            {
                return ReconciliationErrors.NotFound;
            }

            audit.Note(
                command.Ignored ? "finding.ignored" : "finding.heeded",
                "reconciliation_finding",
                command.Id.ToString(),
                after: JsonSerializer.Serialize(new { view.What, reason })
            );
            return view;
        }
    }
}
