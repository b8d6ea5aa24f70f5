using Microsoft.AspNetCore.Connections;

namespace DotMac.Host.Web;

/// <summary>At the end a request that is under way has one second to be answered; then its connection is dropped, half-sent or not.</summary>
internal static class LastWords
{
    /// <summary>Below the host's own patience: whoever holds a connection open must not use up the time in which the others write down what they have.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Serves the connection; drops it <see cref="Patience"/> after the host began to end.</summary>
    /// <param name="next">What serves the connection.</param>
    /// <param name="connection">One TCP connection of the HTTP listener.</param>
    /// <param name="ending">Fires when the host begins to end.</param>
    public static async Task HearAsync(ConnectionDelegate next, ConnectionContext connection, CancellationToken ending)
    {
        using var patience = new CancellationTokenSource();
        await using var begin = ending.Register(() => patience.CancelAfter(Patience));
        await using var end = patience.Token.Register(() => connection.Abort(new ConnectionAbortedException("The host ends.")));
        await next(connection);
    }
}
