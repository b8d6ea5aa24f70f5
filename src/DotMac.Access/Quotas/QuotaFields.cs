using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Access.Quotas;

/// <summary>A monthly volume cap as a caller sets it.</summary>
/// <param name="QuotaBytes">Octets per period. For a subscriber null means no cap, whatever its profile says.</param>
/// <param name="Direction">What counts: up, down or both (unless given).</param>
/// <param name="ResetDay">Day of the month on which a period begins, in the tenant's time zone: 1 (unless given) to 28.</param>
/// <param name="Action">What happens when it is used up: notify (unless given), throttle or block.</param>
/// <param name="ThrottleProfileId">The bandwidth profile whose rates then hold; needed for throttle.</param>
public sealed record QuotaFields(
    long? QuotaBytes = null,
    string? Direction = null,
    int? ResetDay = null,
    string? Action = null,
    Guid? ThrottleProfileId = null
)
{
    /// <summary>One petabyte: what counts octets in a signed 64-bit number has room for the top-ups.</summary>
    internal const long MostBytes = 1_000_000_000_000_000;

    internal QuotaFields Cleaned() =>
        this with
        {
            Direction = Input.Clean(Direction) ?? "both",
            ResetDay = ResetDay ?? 1,
            Action = Input.Clean(Action) ?? "notify",
        };

    /// <summary>Every fault of cleaned fields.</summary>
    /// <param name="capNeeded">A profile's quota is a cap or is not there.</param>
    internal async Task<Error?> RefusalAsync(UnitOfWork work, bool capNeeded, Guid? ownProfile, CancellationToken ct)
    {
        var throttles = Action == "throttle";
        var faults = new Faults()
            .Check(QuotaBytes is not null || !capNeeded, "quota_bytes", "required", "This must be given, in octets.")
            .Range("quota_bytes", QuotaBytes, 1, MostBytes)
            .Check(Direction is "up" or "down" or "both", "direction", "unknown", "One of up, down, both.")
            .Range("reset_day", ResetDay, 1, 28)
            .Check(Action is "notify" or "throttle" or "block", "action", "unknown", "One of notify, throttle, block.")
            .Check(!throttles || ThrottleProfileId is not null, "throttle_profile_id", "required", "Throttling needs a bandwidth profile.")
            .Check(throttles || ThrottleProfileId is null, "throttle_profile_id", "without_throttle", "This is for action throttle alone.")
            .Check(
                ThrottleProfileId is null || ThrottleProfileId != ownProfile,
                "throttle_profile_id",
                "same_profile",
                "Throttling to the same profile changes nothing."
            );
        if (
            ThrottleProfileId is { } id
            && !await work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(
                    "SELECT EXISTS (SELECT FROM radius_bandwidth_profiles WHERE id = @id)",
                    new { id },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        )
        {
            faults.Add("throttle_profile_id", "not_found", "There is no such bandwidth profile.");
        }

        return faults.Error;
    }
}
