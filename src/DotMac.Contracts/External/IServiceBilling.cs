namespace DotMac.Contracts.External;

/// <summary>Whose service is charged for, and by which plan, from when.</summary>
/// <param name="Key">Asked twice with one key, it is booked once.</param>
public sealed record ChargeOrder(string Key, Guid ServiceId, Guid SubscriberId, Guid? CustomerId, Guid PlanId, DateTimeOffset From);

/// <summary>The role of billing for provisioning. Driver <c>built-in</c>: a record of when a service started, paused, changed plan and stopped.</summary>
public interface IServiceBilling : IExternalRole
{
    Task<RoleAnswer<Acknowledged>> StartAsync(ChargeOrder order, CancellationToken ct);

    /// <summary>Undoes what was booked under a key as if it had never been: a start charges nothing, a change or an end did not happen.</summary>
    Task<RoleAnswer<Acknowledged>> VoidAsync(string key, CancellationToken ct);

    Task<RoleAnswer<Acknowledged>> PauseAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct);

    Task<RoleAnswer<Acknowledged>> ContinueAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct);

    Task<RoleAnswer<Acknowledged>> ChangePlanAsync(string key, Guid serviceId, Guid planId, DateTimeOffset from, CancellationToken ct);

    /// <summary>Ends the charges; what is open becomes the final invoice.</summary>
    Task<RoleAnswer<Acknowledged>> StopAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct);
}
