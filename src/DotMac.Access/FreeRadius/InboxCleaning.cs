using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>What has to be done now and then to the tables that FreeRADIUS writes.</summary>
internal static class InboxCleaning
{
    /// <summary>
    /// Sessions that were silent for three intervals are closed as lost, so that Simultaneous-Use counts them no more. Closed sessions are
    /// forgotten after a week (they are in our radacct). Records of unknown NAS are tried again, and given up after a week.
    /// </summary>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE freeradius.radacct a SET acctstoptime = coalesce(acctupdatetime, acctstarttime), acctterminatecause = 'Lost-Carrier'
            WHERE acctstoptime IS NULL AND coalesce(acctupdatetime, acctstarttime) < now() - 3 * interval '1 second' * coalesce(
                (SELECT CASE WHEN r.value ~ '^[0-9]{1,6}$' THEN r.value::int END FROM freeradius.radreply r
                 WHERE r.tenant_id = a.tenant_id AND lower(r.username) = lower(a.username) AND r.attribute = 'Acct-Interim-Interval' LIMIT 1), 300);
            DELETE FROM freeradius.radacct WHERE acctstoptime < now() - interval '7 days';
            DELETE FROM freeradius.accounting_queue
            WHERE problem IS NOT NULL AND (record->>'acctupdatetime')::timestamptz < now() - interval '7 days';
            UPDATE freeradius.accounting_queue SET problem = NULL WHERE problem IS NOT NULL;
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(ct);
    }
}
