using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Subscribers;

/// <summary>
/// A terminated subscriber stays to be seen, and RADIUS tells it apart from a stranger; its username and number it gives up to whoever asks
/// for them: then its row goes the way of a removed one.
/// </summary>
internal static class SubscriberNames
{
    public static Task FreeAsync(
        UnitOfWork work,
        string username,
        string? number,
        DateTimeOffset now,
        CancellationToken ct,
        Guid? except = null
    ) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                // Terminated (4) is written out: an index leaves other statuses out, and PostgreSQL would plan anew for each value.
                """
                UPDATE subscribers SET deleted_at = @now, updated_at = @now, version = version + 1
                WHERE (username = @username OR subscriber_number = @number) AND status = 4 AND deleted_at IS NULL
                    AND id IS DISTINCT FROM @except::uuid
                """,
                new
                {
                    username,
                    number,
                    now,
                    except,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
