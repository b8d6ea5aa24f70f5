using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What the tenant wants done about one reason.</summary>
/// <param name="LetsIntoGarden">Into the walled garden, when the line or the tenant has one; false: rejected.</param>
/// <param name="NeedsEvidence">Does nothing while nothing shows it.</param>
public sealed record SuspensionPolicy(
    SuspensionReason Reason,
    bool LetsIntoGarden,
    bool TakesOnuDown,
    bool PausesBilling,
    bool NeedsEvidence
)
{
    /// <summary>What holds where the tenant has said nothing: money may be paid from the garden, harm is shut out.</summary>
    internal static SuspensionPolicy Default(SuspensionReason reason) =>
        reason switch
        {
            SuspensionReason.Fraud or SuspensionReason.Abuse => new(
                reason,
                LetsIntoGarden: false,
                TakesOnuDown: false,
                PausesBilling: false,
                NeedsEvidence: false
            ),
            SuspensionReason.Vacation => new(reason, LetsIntoGarden: true, TakesOnuDown: false, PausesBilling: true, NeedsEvidence: false),
            SuspensionReason.NonPayment or SuspensionReason.Prepaid or SuspensionReason.Quota => new(
                reason,
                LetsIntoGarden: true,
                TakesOnuDown: false,
                PausesBilling: false,
                NeedsEvidence: true
            ),
            _ => new(reason, LetsIntoGarden: true, TakesOnuDown: false, PausesBilling: false, NeedsEvidence: false),
        };
}

/// <summary>The tenant's policies, and the walled garden of lines that have none of their own.</summary>
internal sealed record SuspensionPolicies(IReadOnlyList<SuspensionPolicy> Own, string? GardenFilterId = null, bool GardenByCoa = false)
{
    public static readonly SuspensionPolicies Default = new([]);

    public SuspensionPolicy Of(SuspensionReason reason) => Own.FirstOrDefault(p => p.Reason == reason) ?? SuspensionPolicy.Default(reason);

    public static async Task<SuspensionPolicies> ReadAsync(UnitOfWork work, CancellationToken ct)
    {
        var rows = await work.Connection.QueryAsync<SuspensionPolicy>(
            new CommandDefinition(
                "SELECT reason, lets_into_garden, takes_onu_down, pauses_billing, needs_evidence FROM suspension_policies",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        );
        var (garden, byCoa) = await work.Connection.QuerySingleOrDefaultAsync<(string?, bool)>(
            new CommandDefinition(
                "SELECT garden_filter_id, garden_by_coa FROM suspension_settings",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        );
        return new SuspensionPolicies([.. rows], garden, byCoa);
    }
}

/// <summary>What each kind of shield holds back unless told.</summary>
internal static class ShieldDefaults
{
    private static readonly SuspensionReason[] Money = [SuspensionReason.NonPayment, SuspensionReason.Prepaid];

    public static IReadOnlyList<SuspensionReason> Holds(ShieldKind kind) =>
        kind switch
        {
            ShieldKind.Grace or ShieldKind.PaymentArrangement or ShieldKind.PaymentProof => Money,
            _ => [.. Money, SuspensionReason.Quota],
        };
}
