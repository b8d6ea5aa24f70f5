using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Access.Provisioning.Billing;

/// <summary>The built-in billing driver: since when a service is charged for, paused, on another plan, over. Each key is booked once.</summary>
internal sealed class ChargeBook(UnitOfWork work) : IServiceBilling
{
    private const string Book = """
        INSERT INTO service_charges AS c (tenant_id, key, service_id, kind, plan_id, customer_id, effective_at)
        VALUES (@TenantId, @key, @serviceId, @kind, @planId, @customerId, @from)
        ON CONFLICT (tenant_id, key) DO UPDATE SET voided_at = NULL, effective_at = excluded.effective_at, plan_id = excluded.plan_id
            WHERE c.voided_at IS NOT NULL
        """;

    public string Driver => "built-in";

    public bool CallsOut => false;

    public Task<RoleAnswer<Acknowledged>> StartAsync(ChargeOrder order, CancellationToken ct) =>
        BookAsync(order.Key, order.ServiceId, ChargeKind.Start, order.PlanId, order.CustomerId, order.From, ct);

    public async Task<RoleAnswer<Acknowledged>> VoidAsync(string key, CancellationToken ct)
    {
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE service_charges SET voided_at = now() WHERE key = @key AND voided_at IS NULL",
                new { key },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return Acknowledged.Instance;
    }

    public Task<RoleAnswer<Acknowledged>> PauseAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct) =>
        BookAsync(key, serviceId, ChargeKind.Pause, null, null, from, ct);

    public Task<RoleAnswer<Acknowledged>> ContinueAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct) =>
        BookAsync(key, serviceId, ChargeKind.Continue, null, null, from, ct);

    public Task<RoleAnswer<Acknowledged>> ChangePlanAsync(
        string key,
        Guid serviceId,
        Guid planId,
        DateTimeOffset from,
        CancellationToken ct
    ) => BookAsync(key, serviceId, ChargeKind.Change, planId, null, from, ct);

    public Task<RoleAnswer<Acknowledged>> StopAsync(string key, Guid serviceId, DateTimeOffset from, CancellationToken ct) =>
        BookAsync(key, serviceId, ChargeKind.Stop, null, null, from, ct);

    private async Task<RoleAnswer<Acknowledged>> BookAsync(
        string key,
        Guid serviceId,
        ChargeKind kind,
        Guid? planId,
        Guid? customerId,
        DateTimeOffset from,
        CancellationToken ct
    )
    {
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                Book,
                new
                {
                    work.TenantId,
                    key,
                    serviceId,
                    kind = (short)kind,
                    planId,
                    customerId,
                    from,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return Acknowledged.Instance;
    }
}

/// <summary>Stored as its number: numbers are only ever added.</summary>
internal enum ChargeKind : short
{
    Start = 0,
    Pause = 1,
    Continue = 2,
    Change = 3,
    Stop = 4,
}
