using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Kernel.OutgoingHttp;
using DotMac.SystemTests.Harness;
using Microsoft.AspNetCore.Http;

namespace DotMac.SystemTests.OutgoingHttp;

/// <summary>The one outgoing client against a real server that fails in every way a server fails.</summary>
public sealed class OutgoingClientTests : IAsyncLifetime
{
    private OutgoingBench bench = new();
    private HttpPeer peer = null!;

    public async Task InitializeAsync() => peer = await HttpPeer.StartAsync();

    public async Task DisposeAsync()
    {
        await peer.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_comes_with_its_status_headers_and_body_and_no_secret_in_the_log()
    {
        peer.Answer = async (http, _, _) =>
        {
            http.Response.Headers["X-Version"] = "4.1";
            await http.Response.WriteAsync("{\"id\":7}");
        };
        var answer = await bench.GetAsync(new Uri(peer.Url, "a?token=hidden"));
        (answer.Outcome, answer.Status, answer.Attempts).ShouldBe((OutgoingOutcome.Success, 200, 1));
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("{\"id\":7}");
        answer.Headers["x-version"].ShouldBe("4.1");
        peer.Asked.Single().Headers["Authorization"].ShouldBe("Bearer top-secret");
        bench.Written.ShouldContain("peer get Success 200");
        bench.Written.ShouldContain(OutgoingBench.Tenant.ToString());
        bench.Written.ShouldNotContain("top-secret");
        bench.Written.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task What_may_pass_is_asked_again_and_only_when_asking_twice_is_harmless()
    {
        peer.Answer = (http, _, n) => Status(http, n % 3 == 0 ? 200 : 503);
        var got = await bench.GetAsync(peer.Url);
        (got.IsSuccess, got.Attempts).ShouldBe((true, 3));
        var keyed = await bench.PostAsync(peer.Url, "order-1");
        (keyed.IsSuccess, keyed.Attempts).ShouldBe((true, 3));
        peer.Asked.Skip(3).Select(a => (a.Headers["Idempotency-Key"], a.Body)).Distinct().ShouldBe([("order-1", "{\"a\":1}")]);

        var bare = await bench.PostAsync(peer.Url, null);
        (bare.Outcome, bare.Status, bare.Attempts).ShouldBe((OutgoingOutcome.Failed, 503, 1));
        peer.Answer = (http, _, _) => Status(http, 404);
        (await bench.GetAsync(peer.Url)).ShouldSatisfyAllConditions(
            a => a.Outcome.ShouldBe(OutgoingOutcome.Refused),
            a => a.Attempts.ShouldBe(1)
        );
    }

    [Fact]
    public async Task Retry_after_is_honoured_when_it_is_short_and_told_when_it_is_long()
    {
        peer.Answer = (http, _, n) =>
        {
            http.Response.Headers.RetryAfter = n == 1 ? "1" : "3600";
            return Status(http, n == 2 ? 200 : 429);
        };
        var start = Stopwatch.GetTimestamp();
        (await bench.GetAsync(peer.Url)).IsSuccess.ShouldBeTrue();
        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.95));
        var later = await bench.GetAsync(peer.Url);
        (later.Outcome, later.Status, later.Attempts, later.RetryAfter).ShouldBe((OutgoingOutcome.Failed, 429, 1, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Silence_ends_with_the_time_limit_and_nobody_listening_is_told()
    {
        peer.Answer = (http, _, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var silent = await bench.GetAsync(peer.Url, timeout: TimeSpan.FromMilliseconds(200));
        (silent.Outcome, silent.Attempts).ShouldBe((OutgoingOutcome.TimedOut, 3));
        var nobody = await bench.GetAsync(new Uri($"http://127.0.0.1:{Ports.Tcp()}/"));
        (nobody.Outcome, nobody.Attempts).ShouldBe((OutgoingOutcome.Unreachable, 3));
    }

    [Fact]
    public async Task A_body_that_never_ends_is_cut_off_by_time_and_by_length()
    {
        peer.Answer = async (http, _, _) =>
        {
            var octets = new byte[65_536];
            for (var i = 0; i < 100_000 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await http.Response.Body.WriteAsync(octets, http.RequestAborted);
            }
        };
        (await bench.GetAsync(peer.Url)).Outcome.ShouldBe(OutgoingOutcome.Unreadable);
        peer.Answer = async (http, _, _) =>
        {
            await http.Response.WriteAsync("{");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        (await bench.GetAsync(peer.Url, timeout: TimeSpan.FromMilliseconds(200))).Outcome.ShouldBe(OutgoingOutcome.TimedOut);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_what_is_not_http_is_not_read()
    {
        peer.Answer = (http, _, _) =>
        {
            http.Response.Redirect("http://169.254.169.254/latest/meta-data/");
            return Task.CompletedTask;
        };
        var answer = await bench.GetAsync(peer.Url);
        (answer.Outcome, answer.Status, peer.Asked.Count).ShouldBe((OutgoingOutcome.Refused, 302, 1));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var talking = TalkAsync(listener);
        var odd = await bench.GetAsync(new Uri($"http://{listener.LocalEndpoint}/"), test: true);
        odd.Outcome.ShouldBe(OutgoingOutcome.Unreadable);
        await talking;
    }

    [Fact]
    public async Task Five_failures_open_the_circuit_of_one_tenant_and_one_try_closes_it()
    {
        await bench.DisposeAsync();
        bench = new OutgoingBench(OutgoingBench.Loopback with { BreakFor = TimeSpan.FromSeconds(3) });
        var status = 500;
        peer.Answer = (http, _, _) => Status(http, status);
        (await bench.GetAsync(peer.Url)).Attempts.ShouldBe(3);
        var broke = await bench.GetAsync(peer.Url);
        (broke.Outcome, broke.Status, broke.Attempts).ShouldBe(
            (OutgoingOutcome.Failed, 500, 2),
            "the fifth failure was the last thing sent"
        );
        var spared = await bench.GetAsync(peer.Url);
        (spared.Outcome, spared.Attempts, peer.Asked.Count).ShouldBe((OutgoingOutcome.CircuitOpen, 0, 5));
        (await bench.GetAsync(peer.Url, tenant: Guid.NewGuid())).Attempts.ShouldBe(3, "another tenant's is its own");
        (await bench.GetAsync(peer.Url, test: true)).Attempts.ShouldBe(1, "somebody tries the settings");

        await Task.Delay(3_200);
        (await bench.GetAsync(peer.Url)).Attempts.ShouldBe(1, "one try, and spared again");
        (await bench.GetAsync(peer.Url)).Outcome.ShouldBe(OutgoingOutcome.CircuitOpen);
        await Task.Delay(3_200);
        status = 200;
        (await bench.GetAsync(peer.Url)).IsSuccess.ShouldBeTrue();
        (await bench.GetAsync(peer.Url)).IsSuccess.ShouldBeTrue();
        bench.Written.ShouldContain("failed too often and is spared");
    }

    [Fact]
    public async Task No_more_than_twenty_connections_go_to_one_server_and_they_are_used_again()
    {
        peer.Answer = (_, _, _) => Task.Delay(20);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => bench.GetAsync(peer.Url)));
        answers.ShouldAllBe(a => a.IsSuccess);
        peer.Asked.Select(a => a.Connection).Distinct().Count().ShouldBeLessThanOrEqualTo(20);
    }

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task TalkAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAtLeastAsync(new byte[1024], 1);
        await stream.WriteAsync("+PONG\r\n-ERR unknown command\r\n\r\n"u8.ToArray());
    }
}
