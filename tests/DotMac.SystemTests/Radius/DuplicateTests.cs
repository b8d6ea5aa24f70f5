using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A NAS that hears nothing sends the same packet again (RFC 5080 §2.2.2): it gets the same answer, and nothing happens twice.</summary>
public sealed class DuplicateTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [Fact]
    public async Task An_access_request_sent_thrice_has_one_decision_and_the_same_octets_each_time()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var request = Access(user, 9).Build(nas.SecretBytes);
        var before = await host.MetricAsync("radius_duplicates_total", ("port", "auth"));
        using var socket = nas.Open();

        var first = (await socket.AskAsync(request)).ShouldNotBeNull();
        (await socket.AskAsync(request)).ShouldBe(first);
        (await socket.AskAsync(request)).ShouldBe(first);

        (await host.MetricAsync("radius_duplicates_total", ("port", "auth"))).ShouldBe(before + 2);
        // Another authenticator is another request, though the identifier is the same.
        var second = (await socket.AskAsync(Access(user, 9).Build(nas.SecretBytes))).ShouldNotBeNull();
        second.ShouldNotBe(first);
        (await host.DecisionsAsync(nas, 2)).ShouldBe(["accepted", "accepted"]);
    }

    [Fact]
    public async Task The_same_octets_from_another_port_are_another_request()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var request = Access(user, 10).Build(nas.SecretBytes);
        using var one = nas.Open();
        using var two = nas.Open();

        (await one.AskAsync(request)).ShouldNotBeNull();
        (await two.AskAsync(request)).ShouldNotBeNull();

        (await host.DecisionsAsync(nas, 2)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_accounting_request_sent_thrice_is_one_record()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var session = RadiusFixture.NewName("twice");
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", session));
        var before = await host.MetricAsync("radius_accounting_journaled_total");
        var interim = new RequestBuilder(PacketCode.AccountingRequest)
            .Add("Acct-Status-Type", "Interim-Update")
            .Add("User-Name", user.Username)
            .Add("Acct-Session-Id", session)
            .Add("Acct-Session-Time", "60")
            .Add("Acct-Input-Octets", "5000")
            .Build(nas.SecretBytes);
        using var socket = nas.Open(accounting: true);

        // Without waiting in between: the second and third may come while the first is on its way to the disk.
        await socket.SendAsync(interim);
        await socket.SendAsync(interim);
        await socket.SendAsync(interim);
        var answer = (await socket.ReceiveAsync()).ShouldNotBeNull();
        await Task.Delay(300);
        (await socket.AskAsync(interim)).ShouldBe(answer);

        (await host.MetricAsync("radius_accounting_journaled_total")).ShouldBe(before + 1);
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT sum(uploaded_bytes)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
                    user
                ) == 5000,
            "the octets are counted once"
        );
    }

    [Fact]
    public async Task A_record_repeated_with_another_identifier_is_no_second_record()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var session = RadiusFixture.NewName("again");
        (string, string)[] who = [("User-Name", user.Username), ("Acct-Session-Id", session)];
        await nas.AccountAsync("Start", who);
        await nas.AccountAsync("Start", [.. who, ("Acct-Delay-Time", "5")]);
        (string, string)[] end = [.. who, ("Acct-Session-Time", "90"), ("Acct-Input-Octets", "700"), ("Acct-Output-Octets", "900")];
        await nas.AccountAsync("Stop", end);
        await nas.AccountAsync("Stop", [.. end, ("Acct-Delay-Time", "3")]);
        await nas.AccountAsync("Stop", [.. end, ("Acct-Delay-Time", "6")]);

        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM radacct WHERE nas_id = @Id AND acctstoptime IS NOT NULL",
                    new { nas.Id }
                ) == 1,
            "one session, closed"
        );
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE nas_id = @Id", new { nas.Id })).ShouldBe(1);
        (
            await host.Database.ScalarAsync<long>(
                "SELECT sum(uploaded_bytes + downloaded_bytes)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
                user
            )
        ).ShouldBe(1600);
    }

    private static RequestBuilder Access(TestSubscriber user, byte identifier) =>
        new RequestBuilder(PacketCode.AccessRequest, identifier)
            .WithMessageAuthenticator()
            .Add("User-Name", user.Username)
            .UserPassword(user.Password);
}
