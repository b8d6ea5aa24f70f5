using System.Globalization;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Adds a subscriber; the RADIUS server knows the login within a second.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.username_taken</c>, <c>subscriber.number_taken</c>,
/// <c>subscriber.address_taken</c>, <c>subscriber.prefix_taken</c>, <c>subscriber.mac_taken</c> 409.
/// </remarks>
public static class CreateSubscriber
{
    [Requires("isp.radius.write")]
    public sealed record Command(SubscriberFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase, Post).WithName(SubscriberKey.Name(nameof(CreateSubscriber), routeBase));
        }
    }

    private static async Task<Results<Created<SubscriberView>, ProblemHttpResult>> Post(
        SubscriberFields body,
        IHandle<Command, SubscriberView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(s => $"/api/v1/subscribers/{s.Id}");

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, SubscriberView>
    {
        public async Task<Result<SubscriberView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields.Cleaned();
            var read = fields.Read(passwordNeeded: true);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            var subscriber = new Subscriber
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(),
                SubscriberNumber = fields.SubscriberNumber ?? await NextNumberAsync(ct),
                Username = fields.Username!,
                Password = box.Seal(SecretPurpose.SubscriberPassword, fields.Password!),
                Enabled = true,
                SimultaneousUse = 1,
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            fields.ApplyTo(subscriber, read.Value, clock.GetUtcNow());
            db.Subscribers.Add(subscriber);
            return await db.TrySaveAsync(ct, null, SubscriberErrors.Conflicts(fields)) is { } error
                ? error
                : (await SubscriberView.FindAsync(work, subscriber.Id, ct))!;
        }

        /// <summary>The next free number of the tenant; numbers given by hand are passed over.</summary>
        private async Task<string> NextNumberAsync(CancellationToken ct)
        {
            while (true)
            {
                var last = await work.Connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        """
                        INSERT INTO subscriber_counters AS c (tenant_id, last) VALUES (@TenantId, 1)
                        ON CONFLICT (tenant_id) DO UPDATE SET last = c.last + 1 RETURNING last
                        """,
                        new { work.TenantId },
                        work.Transaction,
                        cancellationToken: ct
                    )
                );
                var number = string.Create(CultureInfo.InvariantCulture, $"S-{last:000000}");
                var isTaken = await work.Connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(
                        "SELECT EXISTS (SELECT 1 FROM subscribers WHERE subscriber_number = @number AND deleted_at IS NULL)",
                        new { number },
                        work.Transaction,
                        cancellationToken: ct
                    )
                );
                if (!isTaken)
                {
                    return number;
                }
            }
        }
    }
}
