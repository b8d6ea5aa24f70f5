using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using DotMac.Access.Coa;
using DotMac.Kernel.Outbox;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Access;

/// <summary>Disconnecting sessions: what is asked of the NAS, what its answer becomes, what is kept.</summary>
public sealed class DisconnectTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task An_acknowledged_disconnect_says_so_and_is_kept()
    {
        using var peer = new NasDouble();
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("ack@isp");
        await api.SessionAsync(nas, subscriber, "81000001", username: "ACK@isp", nasIpAddress: "10.255.0.1");

        var answer = await api.Client.MustAsync(200, "POST", "radius/sessions/disconnect", new { username = "Ack@isp" });
        var result = answer["results"]!.AsArray().Single()!;
        (result.Text("outcome"), result.Text("session_id"), result["attempts"]!.GetValue<int>()).ShouldBe(("ack", "81000001", 1));
        result["nas"]!.Text("shortname").ShouldBe(nas.Text("shortname"));

        peer.LastWasSigned.ShouldBeTrue();
        Encoding.UTF8.GetString(peer.Last[AttributeType.UserName]).ShouldBe("ACK@isp");
        Encoding.UTF8.GetString(peer.Last[AttributeType.AcctSessionId]).ShouldBe("81000001");
        // It calls itself 10.255.0.1, but is asked at its registered address.
        peer.Last[AttributeType.NasIpAddress].ShouldBe([10, 255, 0, 1]);
        peer.Last[AttributeType.FramedIpAddress].ShouldBe([100, 64, 9, 9]);
        var at = BinaryPrimitives.ReadUInt32BigEndian(peer.Last[AttributeType.EventTimestamp]);
        DateTimeOffset.FromUnixTimeSeconds(at).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));

        var kept = await api.Database.QueryAsync<string>(
            "SELECT outcome || ' ' || attempts FROM coa_requests WHERE acctsessionid = '81000001'"
        );
        kept.ShouldBe(["ack 1"]);
        var audited = await api.Database.QueryAsync<string>(
            "SELECT actor_name FROM audit_log WHERE action = 'session.disconnect' AND entity_id = @id",
            new { id = result.Text("id") }
        );
        audited.ShouldBe(["tester"]);
    }

    [PeerFact("freeradius")]
    public async Task FreeRADIUS_as_the_NAS_acknowledges_one_login_and_refuses_another()
    {
        await using var peer = await FreeRadiusNas.StartAsync("xyzzy-plugh-42");
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        await api.SessionAsync(nas, null, "FR-1", username: "ack-real");
        await api.SessionAsync(nas, null, "FR-2", username: "nak-real");
        (await OneAsync(new { username = "ack-real" })).Text("outcome").ShouldBe("ack");
        var refused = await OneAsync(new { username = "nak-real" });
        (refused.Text("outcome"), refused["error_cause"]!.Text("name")).ShouldBe(("nak", "Session-Context-Not-Found"));
        var log = await peer.StopAsync();
        log.ShouldContain("Disconnect-Request");
        log.ShouldContain("Acct-Session-Id = \"FR-1\"");
        log.ShouldContain("Disconnect-ACK");
        log.ShouldContain("Disconnect-NAK");
    }

    [Theory]
    [InlineData(503u, "Session-Context-Not-Found")]
    [InlineData(501u, "Administratively-Prohibited")]
    [InlineData(999u, "999")]
    [InlineData(null, null)]
    public async Task A_refusal_names_the_NASs_reason(uint? cause, string? name)
    {
        using var peer = new NasDouble { Says = PacketCode.DisconnectNak, ErrorCause = cause };
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var id = await api.SessionAsync(nas, null, $"nak-{cause}", username: $"nak-{cause}");
        var result = await OneAsync(new { session_id = id });
        result.Text("outcome").ShouldBe("nak");
        (result["error_cause"]?.Text("name")).ShouldBe(name);
        (result["error_cause"]?["value"]!.GetValue<uint>()).ShouldBe(cause);
        result.Text("message").ShouldContain(name ?? "no reason");
    }

    [Fact]
    public async Task A_silent_NAS_is_asked_three_times_and_no_transaction_waits_for_it()
    {
        using var peer = new NasDouble { Says = PacketCode.None };
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        await api.SessionAsync(nas, null, "quiet-1", username: "quiet");
        var asking = OneAsync(new { session_id = "quiet-1" });
        await Eventually.IsTrueAsync(() => Task.FromResult(peer.Asked > 0), "the NAS was asked, and is waited for");
        var held = await api.Database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'dotmac_app' AND state LIKE 'idle in%'"
        );
        held.ShouldBe(0);
        var result = await asking;
        (result.Text("outcome"), result["attempts"]!.GetValue<int>(), peer.Datagrams).ShouldBe(("timeout", 3, 3));
        result["duration_ms"]!.GetValue<int>().ShouldBeInRange(6500, 20_000);
        (await api.Database.ScalarAsync<string>("SELECT outcome FROM coa_requests WHERE acctsessionid = 'quiet-1'")).ShouldBe("timeout");
    }

    [Fact]
    public async Task A_wrong_secret_a_closed_port_and_a_lost_NAS_are_told_apart()
    {
        using var peer = new NasDouble("another-secret");
        var wrong = await api.NasAsync("127.0.0.1", peer.Port);
        await api.SessionAsync(wrong, null, "wrong-1", username: "wrong");
        var answer = await OneAsync(new { session_id = "wrong-1" });
        answer.Text("outcome").ShouldBe("timeout");
        answer.Text("message").ShouldContain("secret");

        var closed = await api.NasAsync("127.0.0.1", Ports.Udp());
        await api.SessionAsync(closed, null, "closed-1", username: "closed");
        (await OneAsync(new { session_id = "closed-1" })).Text("outcome").ShouldBe("unreachable");

        var network = await api.NasAsync("127.9.0.0/16", peer.Port);
        await api.SessionAsync(network, null, "outside-1", username: "outside", nasIpAddress: "192.0.2.77");
        answer = await OneAsync(new { session_id = "outside-1" });
        answer.Text("outcome").ShouldBe("unreachable");
        answer.Text("message").ShouldContain("192.0.2.77");

        var gone = JsonNode.Parse($"{{\"id\":\"{Guid.NewGuid()}\"}}")!;
        await api.SessionAsync(gone, null, "gone-1", username: "gone");
        (await OneAsync(new { session_id = "gone-1" })).Text("outcome").ShouldBe("no_nas");
    }

    [Fact]
    public async Task A_NAS_inside_a_registered_network_is_asked_at_the_address_it_gave()
    {
        using var peer = new NasDouble();
        var nas = await api.NasAsync("127.0.0.0/8", peer.Port);
        await api.SessionAsync(nas, null, "inside-1", username: "inside", nasIpAddress: "127.0.0.1");
        (await OneAsync(new { session_id = "inside-1" })).Text("outcome").ShouldBe("ack");
    }

    [Fact]
    public async Task What_is_asked_wrongly_or_not_live_is_refused()
    {
        var nas = await api.NasAsync();
        var ended = await api.SessionAsync(nas, null, "ended-1", username: "ended", startedMinutesAgo: 9, stoppedMinutesAgo: 3);
        foreach (
            var body in new object[]
            {
                new { username = "nobody" },
                new { session_id = "none" },
                new { session_id = ended },
                new { username = "ended" },
            }
        )
        {
            (await api.Client.MustAsync(404, "POST", "radius/sessions/disconnect", body)).Code().ShouldBe("session.not_found");
        }

        (await FaultsAsync(new { })).ShouldBe(["username:required"]);
        (await FaultsAsync(new { username = "a\r\nb" })).ShouldBe(["username:bad_character"]);
        (await FaultsAsync(new { session_id = "x\n" })).ShouldBe(["session_id:bad_character"]);
        (await FaultsAsync(new { session_id = "x\0" })).ShouldBe(["session_id:bad_character"]);

        // Two NAS may give one Acct-Session-Id to two users: nobody is cut off by mistake.
        var other = await api.NasAsync();
        await api.SessionAsync(nas, null, "00000001", username: "one");
        await api.SessionAsync(other, null, "00000001", username: "two");
        (await api.Client.MustAsync(409, "POST", "radius/sessions/disconnect", new { session_id = "00000001" }))
            .Code()
            .ShouldBe("session.ambiguous");

        using var stranger = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await stranger.MustAsync(404, "POST", "radius/sessions/disconnect", new { username = "one" }))
            .Code()
            .ShouldBe("session.not_found");
    }

    [Fact]
    public async Task Disabling_disconnects_and_a_silent_NAS_is_asked_again_until_it_obeys()
    {
        using var peer = new NasDouble { Says = PacketCode.DisconnectNak, ErrorCause = 506 };
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("gone@isp");
        var session = await api.SessionAsync(nas, subscriber, "gone-9");
        await api.Client.MustAsync(200, "POST", "subscribers/gone@isp/disable");

        await DispatchAsync();
        (await EventAsync(subscriber)).ShouldBe((1, true), "the event waits for no NAS");
        peer.Asked.ShouldBe(0);
        await WorkAsync();
        peer.Asked.ShouldBe(1);
        (await KeptAsync()).ShouldBe(["nak"]);
        (await StateAsync()).ShouldBe(("retrying", "none"), "a refusal is no success");

        peer.Says = PacketCode.DisconnectAck;
        await WorkAsync();
        peer.Asked.ShouldBe(1, "not before its time");
        await api.Database.ExecuteAsync("UPDATE coa_tasks SET due_at = now() WHERE state = 2");
        await WorkAsync();
        (await KeptAsync()).ShouldBe(["nak", "ack"]);
        (await StateAsync()).ShouldBe(("done", "pending"), "an ack is the NAS's word");
        await api.EndAsync(session);
        await WorkAsync();
        (await StateAsync()).ShouldBe(("done", "verified"));

        // Delivered once more (at least once): the session has ended, nothing is sent.
        await api.Database.ExecuteAsync("UPDATE outbox SET dispatched_at = NULL, next_attempt_at = now()");
        await DispatchAsync();
        await WorkAsync();
        peer.Asked.ShouldBe(2);

        async Task<(string, string)> StateAsync()
        {
            var task = (await api.Client.MustAsync(200, "GET", $"radius/coa/tasks?subscriber_id={subscriber.Text("id")}"))["items"]!
                .AsArray()
                .Single()!;
            return (task.Text("state"), task.Text("verification"));
        }

        Task<IReadOnlyList<string>> KeptAsync() =>
            api.Database.QueryAsync<string>("SELECT outcome FROM coa_requests WHERE acctsessionid = 'gone-9' ORDER BY at");
    }

    [Fact]
    public async Task A_login_that_was_enabled_again_is_left_alone()
    {
        using var peer = new NasDouble();
        var nas = await api.NasAsync("127.0.0.1", peer.Port);
        var subscriber = await api.SubscriberAsync("back@isp");
        await api.SessionAsync(nas, subscriber, "back-1");
        await api.Client.MustAsync(200, "POST", "subscribers/back@isp/disable");
        await api.Client.MustAsync(200, "POST", "subscribers/back@isp/enable");
        await DispatchAsync();
        await WorkAsync();
        peer.Asked.ShouldBe(0);

        await api.Client.MustAsync(204, "DELETE", "subscribers/back@isp");
        await DispatchAsync();
        await WorkAsync();
        peer.Asked.ShouldBe(1);
    }

    private async Task DispatchAsync()
    {
        var dispatcher = ActivatorUtilities.CreateInstance<OutboxDispatcher>(api.Services);
        while (await dispatcher.DispatchSomeAsync(default)) { }
    }

    private Task<int> WorkAsync() => ActivatorUtilities.CreateInstance<CoaWorker>(api.Services).RunOnceAsync(default);

    private async Task<(int Attempts, bool Done)> EventAsync(JsonNode subscriber) =>
        (
            await api.Database.QueryAsync<(int, bool)>(
                "SELECT attempts, dispatched_at IS NOT NULL FROM outbox WHERE payload->>'subscriber_id' = @id",
                new { id = subscriber.Text("id") }
            )
        ).Single();

    private async Task<JsonNode> OneAsync(object body) =>
        (await api.Client.MustAsync(200, "POST", "radius/sessions/disconnect", body))["results"]!.AsArray().Single()!;

    private async Task<string[]> FaultsAsync(object body) =>
        (await api.Client.MustAsync(400, "POST", "radius/sessions/disconnect", body)).Faults();
}
