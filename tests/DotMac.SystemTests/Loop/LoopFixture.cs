using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Loop;

/// <summary>A host with a RADIUS door for NAS on machines of their own, and what the API shows of their sessions.</summary>
public class LoopFixture : RadiusFixture
{
    private static int customers;
    private bool isIn;

    public override async Task InitializeAsync()
    {
        await Interfaces.LayCablesAsync();
        isIn = true;
        await base.InitializeAsync();
        // RFC 2869 §5.16 allows no less than 60 s between Interim-Updates; these tests cannot wait so long.
        await Database.ExecuteAsync("ALTER TABLE subscribers DROP CONSTRAINT subscribers_acct_interim_interval_check");
    }

    public override async Task DisposeAsync()
    {
        if (isIn)
        {
            Interfaces.CablesAreGone();
        }

        await base.DisposeAsync();
    }

    /// <summary>Registers a NAS and waits until it is in force; answers its id.</summary>
    public async Task<Guid> RegisterAsync(IPAddress address, string secret, string policy, int coaPort)
    {
        var body = new
        {
            nasname = address.ToString(),
            shortname = NewName("loop"),
            type = "router",
            vendor = "generic",
            secret,
            message_authenticator_policy = policy,
            coa_port = coaPort,
        };
        var made = (await Admin.PostAsync("/api/v1/radius/nas", body)).ShouldHave(HttpStatusCode.Created);
        await SettleAsync();
        return made["id"].GetGuid();
    }

    /// <summary>A subscriber with an address of its own whose sessions are reported every two seconds.</summary>
    public async Task<(TestSubscriber Who, string Address)> CustomerAsync()
    {
        var address = $"100.64.{Interlocked.Increment(ref customers)}.7";
        var who = await SubscriberAsync(new { framed_ipv4_address = address });
        await Database.ExecuteAsync(
            "UPDATE subscribers SET acct_interim_interval = 2, version = version + 1, updated_at = now() WHERE id = @Id",
            new { who.Id }
        );
        await SettleAsync();
        return (who, address);
    }

    /// <summary>A subscriber who is taken from one line alone.</summary>
    public async Task<TestSubscriber> LineAsync(string circuitId)
    {
        var who = NewName("line");
        var body = new
        {
            username = who,
            password = Password,
            circuit_id = circuitId,
            option82_policy = "enforce",
        };
        var made = (await Admin.PostAsync("/api/v1/radius/subscribers", body)).ShouldHave(HttpStatusCode.Created);
        await SettleAsync();
        return new TestSubscriber(made["id"].GetGuid(), who, Password);
    }

    /// <summary>All sessions of a subscriber, the newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> SessionsAsync(TestSubscriber who)
    {
        var page = (await Admin.GetAsync($"/api/v1/subscribers/{who.Username}/sessions")).ShouldHave(HttpStatusCode.OK);
        return [.. page["items"].EnumerateArray()];
    }

    /// <summary>The sessions that are online.</summary>
    public async Task<IReadOnlyList<JsonElement>> OnlineAsync(TestSubscriber who)
    {
        var page = (await Admin.GetAsync("/api/v1/radius/sessions?username=" + who.Username)).ShouldHave(HttpStatusCode.OK);
        return [.. page["items"].EnumerateArray()];
    }

    /// <summary>The subscriber's volume as the usage page shows it: uploaded and downloaded octets.</summary>
    public async Task<(long Up, long Down)> UsageAsync(TestSubscriber who)
    {
        var usage = (await Admin.GetAsync($"/api/v1/subscribers/{who.Username}/usage")).ShouldHave(HttpStatusCode.OK);
        return (usage["total.uploaded_bytes"].GetInt64(), usage["total.downloaded_bytes"].GetInt64());
    }

    /// <summary>Asks for the disconnect; answers what the NAS said.</summary>
    public async Task<string> DisconnectAsync(TestSubscriber who)
    {
        var answer = await Admin.PostAsync("/api/v1/radius/sessions/disconnect", new { username = who.Username });
        return answer.ShouldHave(HttpStatusCode.OK)["results"][0].GetProperty("outcome").GetString()!;
    }
}
