using DotMac.Contracts.Access;

namespace DotMac.Access.Subscribers;

/// <summary>
/// A subscriber's status with the two facts that RADIUS asks for. Pure; the only place that says which of them go together
/// (<c>subscribers_status_agrees</c> says the same to the database).
/// </summary>
/// <param name="Enabled">Of a pending subscriber: its AAA account is there already. It is refused all the same.</param>
/// <param name="Suspended">Remembered while disconnected or quarantined.</param>
internal readonly record struct Standing(SubscriberStatus Status, bool Enabled, bool Suspended)
{
    public bool Agrees =>
        Status switch
        {
            SubscriberStatus.Pending => !Suspended,
            SubscriberStatus.Active => Enabled && !Suspended,
            SubscriberStatus.Suspended => Enabled && Suspended,
            SubscriberStatus.Disconnected or SubscriberStatus.Quarantined => !Enabled,
            SubscriberStatus.Terminated => !Enabled && !Suspended,
            _ => false,
        };

    /// <summary>What an operator's enabled and suspended make of it; null when its status does not let them be changed.</summary>
    public Standing? Asked(bool enabled, bool suspended)
    {
        if (Status is SubscriberStatus.Pending or SubscriberStatus.Terminated or SubscriberStatus.Quarantined)
        {
            return enabled == Enabled && suspended == Suspended ? this : null;
        }

        var status =
            !enabled ? SubscriberStatus.Disconnected
            : suspended ? SubscriberStatus.Suspended
            : SubscriberStatus.Active;
        return new Standing(status, enabled, suspended);
    }

    /// <summary>The standing after a workflow moved the status; null when that way does not exist. Staying is no move and always right.</summary>
    public Standing? Moved(SubscriberStatus to) =>
        to == Status ? this
        : !MayBecome(Status, to) ? null
        : to switch
        {
            SubscriberStatus.Pending => new Standing(to, Enabled, false),
            SubscriberStatus.Active => new Standing(to, true, false),
            SubscriberStatus.Suspended => new Standing(to, true, true),
            SubscriberStatus.Terminated => new Standing(to, false, false),
            _ => new Standing(to, false, Suspended),
        };

    /// <summary>
    /// pending → active | terminated; active → pending (an activation taken back) | suspended | disconnected | quarantined | terminated;
    /// suspended, disconnected and quarantined → each other, active or terminated; terminated is final.
    /// </summary>
    private static bool MayBecome(SubscriberStatus from, SubscriberStatus to) =>
        from switch
        {
            SubscriberStatus.Pending => to is SubscriberStatus.Active or SubscriberStatus.Terminated,
            SubscriberStatus.Active => true,
            SubscriberStatus.Terminated => false,
            _ => to is not SubscriberStatus.Pending,
        };
}
