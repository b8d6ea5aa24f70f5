using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DotMac.Kernel.OutgoingHttp;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.OutgoingHttp;

/// <summary>What a tenant enters does not lead into the operator's own network: literally, by name, by a name that changes, by redirect.</summary>
public sealed class OutgoingGuardTests : IAsyncLifetime
{
    private HttpPeer peer = null!;

    public async Task InitializeAsync() => peer = await HttpPeer.StartAsync();

    public async Task DisposeAsync() => await peer.DisposeAsync();

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://localhost")]
    [InlineData("http://LOCALHOST")]
    [InlineData("http://[::1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://0177.0.0.1")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://127.1")]
    public async Task Every_spelling_of_this_machine_is_refused(string spelling)
    {
        await using var bench = new OutgoingBench(new OutgoingOptions());
        var url = new Uri($"{spelling}:{peer.Port}/");
        (await bench.GetAsync(url)).ShouldSatisfyAllConditions(
            a => a.Outcome.ShouldBe(OutgoingOutcome.Forbidden, a.Problem),
            a => a.Attempts.ShouldBe(1)
        );
        (await bench.Guard.FaultAsync(url, default)).ShouldNotBeNull();
        peer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_was_public_when_it_was_set_is_judged_again_at_each_connection()
    {
        var answers = new Queue<string>(["93.184.215.14", "127.0.0.1"]);
        await using var bench = new OutgoingBench(Resolving((_, _) => Task.FromResult(new[] { IPAddress.Parse(answers.Dequeue()) })));
        var url = new Uri($"https://rebind.example.net:{peer.Port}/");
        (await bench.Guard.FaultAsync(url, default)).ShouldBeNull();
        (await bench.GetAsync(url)).Outcome.ShouldBe(OutgoingOutcome.Forbidden);
        peer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_connection_goes_to_the_address_that_was_judged_and_the_name_is_asked_once()
    {
        // The name answers the allowed address the first time and this machine's usual one from then on: whoever resolved twice would land there.
        var asked = new ConcurrentQueue<string>();
        await using var allowed = await HttpPeer.StartAsync(IPAddress.Parse("127.0.0.2"));
        var options = Resolving(
            (host, _) =>
            {
                asked.Enqueue(host);
                return Task.FromResult(new[] { IPAddress.Parse(asked.Count == 1 ? "127.0.0.2" : "127.0.0.1") });
            }
        );
        await using var bench = new OutgoingBench(options with { Allowed = [IPNetwork.Parse("127.0.0.2/32")] });
        var url = new Uri($"http://twice.example.net:{allowed.Port}/");
        var answer = await bench.GetAsync(url);
        answer.IsSuccess.ShouldBeTrue(answer.Problem);
        allowed.Asked.Single().Headers["Host"].ShouldBe($"twice.example.net:{allowed.Port}");
        (await bench.GetAsync(url)).IsSuccess.ShouldBeTrue("the open connection is used again");
        asked.ShouldBe(["twice.example.net"]);
    }

    [Fact]
    public async Task Of_several_addresses_only_the_permitted_ones_are_tried()
    {
        await using var allowed = await HttpPeer.StartAsync(IPAddress.Parse("127.0.0.2"));
        var options = Resolving((_, _) => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("127.0.0.2") }));
        await using var bench = new OutgoingBench(options with { Allowed = [IPNetwork.Parse("127.0.0.2/32")] });
        (await bench.GetAsync(new Uri($"http://both.example.net:{allowed.Port}/"))).IsSuccess.ShouldBeTrue();
        (await bench.GetAsync(new Uri($"http://both.example.net:{peer.Port}/"))).Outcome.ShouldBe(OutgoingOutcome.Unreachable);
        peer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Over_the_internet_only_https_is_spoken()
    {
        await using var bench = new OutgoingBench(Resolving((_, _) => Task.FromResult(new[] { IPAddress.Parse("93.184.215.14") })));
        var answer = await bench.GetAsync(new Uri("http://plain.example.net/"));
        answer.Outcome.ShouldBe(OutgoingOutcome.Forbidden);
        answer.Problem!.ShouldContain("https");
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_ends_the_call()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var secure = await HttpPeer.StartAsync(certificate: own);
        await using var bench = new OutgoingBench();
        var answer = await bench.GetAsync(new Uri($"https://127.0.0.1:{secure.Port}/"));
        answer.Outcome.ShouldBe(OutgoingOutcome.Unreachable);
        answer.Problem!.ShouldContain("not trusted");
        secure.Asked.ShouldBeEmpty();
    }

    private static OutgoingOptions Resolving(ResolveName resolve) => new() { Resolve = resolve, FirstWait = TimeSpan.FromMilliseconds(10) };
}
