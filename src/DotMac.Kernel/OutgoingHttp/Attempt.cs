using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>One sending of a call.</summary>
internal static class Attempt
{
    public static async Task<OutgoingAnswer> SendAsync(HttpClient client, OutgoingCall call, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(call.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var request = Request(call);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await ReadAsync(call, response, clock, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return OutgoingAnswer.Nothing(OutgoingOutcome.TimedOut, OutgoingClient.Late(call, call.Timeout));
        }
        catch (HttpRequestException e)
        {
            return Unanswered(call, e);
        }
        catch (IOException e)
        {
            return OutgoingAnswer.Nothing(OutgoingOutcome.Unreachable, $"The connection to {call.Url.Host} broke off: {e.Message}");
        }
    }

    private static HttpRequestMessage Request(OutgoingCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Url);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.ContentType);
        }

        foreach (var (name, value) in call.Headers)
        {
            if (value.AsSpan().IndexOfAny("\r\n\0") >= 0 || !request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new ArgumentException($"The header {name} cannot be sent.", nameof(call));
            }
        }

        if (call.Key is { } key)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private static async Task<OutgoingAnswer> ReadAsync(
        OutgoingCall call,
        HttpResponseMessage response,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var status = (int)response.StatusCode;
        var body = await BodyAsync(response, call.MostOctets, ct);
        if (body is null)
        {
            return new OutgoingAnswer(
                OutgoingOutcome.Unreadable,
                status,
                default,
                $"{call.Url.Host} answered more than {call.MostOctets} octets."
            );
        }

        var outcome =
            response.IsSuccessStatusCode ? OutgoingOutcome.Success
            : status is 429 or >= 500 ? OutgoingOutcome.Failed
            : OutgoingOutcome.Refused;
        var problem =
            outcome == OutgoingOutcome.Success ? null
            : status is 401 or 403 ? $"{call.Url.Host} answered {status}: check the credentials."
            : status is >= 300 and < 400
                ? $"{call.Url.Host} answered {status}, a redirect, which is not followed: give the address it leads to."
            : $"{call.Url.Host} answered {status}.";
        return new OutgoingAnswer(outcome, status, body, problem, 0, outcome == OutgoingOutcome.Failed ? Wait(response, clock) : null)
        {
            Headers = response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>Null when it is longer.</summary>
    private static async Task<byte[]?> BodyAsync(HttpResponseMessage response, int most, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > most)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var kept = new MemoryStream();
        var buffer = new byte[16_384];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0; )
        {
            if (kept.Length + read > most)
            {
                return null;
            }

            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }

    private static TimeSpan? Wait(HttpResponseMessage response, TimeProvider clock)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static OutgoingAnswer Unanswered(OutgoingCall call, HttpRequestException e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case OutgoingRefusal:
                    return OutgoingAnswer.Nothing(OutgoingOutcome.Forbidden, cause.Message);
                case AuthenticationException:
                    return OutgoingAnswer.Nothing(
                        OutgoingOutcome.Unreachable,
                        $"The certificate of {call.Url.Host} is not trusted: {cause.Message}"
                    );
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return OutgoingAnswer.Nothing(OutgoingOutcome.Unreachable, $"{call.Url.Host} has no address.");
                default:
                    break;
            }
        }

        return e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
            ? OutgoingAnswer.Nothing(OutgoingOutcome.Unreadable, $"{call.Url.Host} does not answer in HTTP.")
            : OutgoingAnswer.Nothing(
                OutgoingOutcome.Unreachable,
                $"{call.Url.Host} cannot be reached: {e.InnerException?.Message ?? e.Message}"
            );
    }
}
