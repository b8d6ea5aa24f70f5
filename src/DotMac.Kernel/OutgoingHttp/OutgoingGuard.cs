using System.Net;
using System.Net.Sockets;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>Keeps a tenant's address from leading into the operator's own network (server-side request forgery).</summary>
/// <remarks>
/// The name is resolved once for each connection, each address is judged, and the connection goes to a judged one: a name that answers
/// differently the second time gains nothing. Plain http is for networks the operator named: tokens do not cross the internet in clear.
/// </remarks>
public sealed class OutgoingGuard(OutgoingOptions options)
{
    /// <summary>Why the text is no address to call, or null. Looks at the text alone.</summary>
    public static string? FaultOf(string? text) =>
        text is null || text.Length > 2000 ? "An address of at most 2000 characters."
        : text.AsSpan().IndexOfAny("\r\n\0\t ") >= 0 ? "No spaces or control characters."
        : !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0
            ? "An address like https://example.net/path."
        : url.UserInfo.Length > 0 ? "No user name or password in the address."
        : url.Fragment.Length > 0 ? "Nothing after #."
        : null;

    /// <summary>Why the address may not be called as things stand, or null. For telling it when it is set; every connection is judged anew.</summary>
    public async Task<string?> FaultAsync(Uri url, CancellationToken ct)
    {
        try
        {
            await PermittedAsync(url.IdnHost, url.Scheme, ct);
            return null;
        }
        catch (Exception e) when (e is OutgoingRefusal or SocketException)
        {
            return e.Message;
        }
    }

    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var to = context.DnsEndPoint;
        var addresses = await PermittedAsync(to.Host, context.InitialRequestMessage.RequestUri!.Scheme, ct);
        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, to.Port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e)
            {
                socket.Dispose();
                ct.ThrowIfCancellationRequested();
                last = e;
            }
        }

        throw last!;
    }

    private async Task<IReadOnlyList<IPAddress>> PermittedAsync(string host, string scheme, CancellationToken ct)
    {
        var all = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await options.Resolve(host, ct);
        if (all.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var inside = all.Where(a => AddressRules.IsIn(options.Allowed, a)).ToList();
        if (scheme == Uri.UriSchemeHttps)
        {
            inside.AddRange(all.Except(inside).Where(AddressRules.IsPublic));
        }

        return inside.Count > 0
            ? inside
            : throw new OutgoingRefusal(
                all.Any(AddressRules.IsPublic)
                    ? $"{host} is on the internet, where only https is spoken."
                    : $"{host} leads into a network that tenants may not reach. The operator can allow it: DOTMAC_OUTGOING_ALLOW."
            );
    }
}

/// <summary>The guard said no: nothing was connected.</summary>
internal sealed class OutgoingRefusal(string message) : Exception(message);
