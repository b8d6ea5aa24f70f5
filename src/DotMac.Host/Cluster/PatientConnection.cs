using System.Net.Sockets;
using Npgsql;

namespace DotMac.Host.Cluster;

/// <summary>Opens a connection to a server that may still be starting or recovering.</summary>
internal static class PatientConnection
{
    /// <exception cref="NpgsqlException">It did not answer within <paramref name="patience"/>, or refused for another reason than starting.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, TimeSpan patience, CancellationToken ct)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(connectionString);
            try
            {
                await connection.OpenAsync(ct);
                return connection;
            }
            catch (NpgsqlException e) when (IsStarting(e) && TimeProvider.System.GetElapsedTime(until) < patience)
            {
                await connection.DisposeAsync();
                await Task.Delay(100, ct);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>57P03 "the database system is starting up", or nobody listens yet.</summary>
    private static bool IsStarting(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }
        || e.InnerException is SocketException or EndOfStreamException;
}
