using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Subscribers;

/// <summary>
/// A terminated subscriber stays to be seen, and RADIUS tells it apart from a stranger; its username and number it gives up to whoever asks
/// for them: then its row goes the way of a removed one.
/// </summary>
internal static class SubscriberNames
{
    /// <summary>
    /// Which of username, number and MAC address another subscriber has, all at once. Whoever writes the same at this very moment is refused by
    /// the unique indexes, one at a time.
    /// </summary>
    public static async Task<IReadOnlyList<LineConflict>> TakenAsync(
        UnitOfWork work,
        SubscriberFields fields,
        Guid self,
        CancellationToken ct
    )
    {
        var (username, number, mac) = await work.Connection.QuerySingleAsync<(bool, bool, bool)>(
            new CommandDefinition(
                """
                SELECT EXISTS (SELECT 1 FROM subscribers WHERE username = @Username AND deleted_at IS NULL AND id <> @self),
                    EXISTS (SELECT 1 FROM subscribers WHERE subscriber_number = @SubscriberNumber AND deleted_at IS NULL AND id <> @self),
                    EXISTS (SELECT 1 FROM subscribers WHERE mac_address = @mac AND deleted_at IS NULL AND id <> @self)
                """,
                new
                {
                    fields.Username,
                    fields.SubscriberNumber,
                    mac = fields.MacAddress is { } text ? MacAddress.Of(text) : null,
                    self,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return [.. SubscriberErrors.NamesTaken(fields, username, number, mac)];
    }

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
