using System.Diagnostics;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>One comparison as the API shows it.</summary>
/// <param name="Compared">Lines, holdings, ONUs and sessions.</param>
/// <param name="NotAsked">Systems that did not answer: findings about them were left as they were.</param>
public sealed record ReconciliationView(
    Guid Id,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    string StartedBy,
    int Compared,
    int Found,
    int Appeared,
    int Gone,
    string? NotAsked
);

/// <summary>Compares a whole tenant, and keeps what was found.</summary>
internal sealed class Reconciler(PictureReader reader, FindingBook book, UnitOfWork work, CurrentCaller caller, TimeProvider clock)
{
    private static readonly FindingKind[] OfPlan =
    [
        FindingKind.LeakedAddress,
        FindingKind.LeakedVlan,
        FindingKind.AddressNotInPlan,
        FindingKind.AddressDiffers,
        FindingKind.AddressHeldTwice,
        FindingKind.WrongVlan,
        FindingKind.VlanNotInPlan,
    ];

    private static readonly FindingKind[] OfPon = [FindingKind.OnuWithoutOwner, FindingKind.OwnerWithoutOnu, FindingKind.OnuDiffers];

    private const string Insert = """
        INSERT INTO reconciliations (tenant_id, id, started_at, finished_at, started_by, compared, found, appeared, gone, not_asked)
        VALUES (@TenantId, @Id, @StartedAt, @FinishedAt, @StartedBy, @Compared, @Found, @Appeared, @Gone, @NotAsked)
        """;

    /// <summary>Begins and ends inside the unit of work; in between, systems outside are asked without one.</summary>
    public async Task<ReconciliationView> RunAsync(CancellationToken ct)
    {
        var (startedAt, stopwatch, tenant) = (clock.GetUtcNow(), Stopwatch.GetTimestamp(), work.TenantId!.Value);
        var (plan, pon) = await reader.DriversAsync(ct);
        var told = await work.OutsideAsync(() => reader.AskAsync(plan, pon, tenant, ct), ct);
        var picture = await reader.ReadAsync(plan, pon, told, null, null, ct);
        var found = Comparison.Of(picture);
        List<FindingKind> silent = [];
        silent.AddRange(picture.Holdings is null ? OfPlan : []);
        silent.AddRange(picture.Onus is null ? OfPon : []);
        var (appeared, gone) = await book.KeepAsync(found, silent, picture.Busy, ct);
        var view = new ReconciliationView(
            Guid.CreateVersion7(startedAt),
            startedAt,
            clock.GetUtcNow(),
            caller.Value.Name,
            picture.Size,
            found.Count,
            appeared,
            gone,
            told.Silent.Count == 0 ? null : string.Join("; ", told.Silent)
        );
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                Insert,
                new
                {
                    work.TenantId,
                    view.Id,
                    view.StartedAt,
                    view.FinishedAt,
                    view.StartedBy,
                    view.Compared,
                    view.Found,
                    view.Appeared,
                    view.Gone,
                    view.NotAsked,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "DELETE FROM reconciliations WHERE started_at < @old",
                new { old = startedAt.AddDays(-90) },
                work.Transaction,
                cancellationToken: ct
            )
        );
        ReconciliationMetrics.Ran(tenant, Stopwatch.GetElapsedTime(stopwatch));
        return view;
    }
}
