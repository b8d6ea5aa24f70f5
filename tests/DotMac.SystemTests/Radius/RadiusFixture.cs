using System.Globalization;
using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A host with a RADIUS door, and short words for what a test registers at it. Each NAS gets a loopback address of its own.</summary>
public class RadiusFixture : HostFixture
{
    public const string Password = "correct-horse-9";
    private static int addresses;
    private static int names;
    private TestNas? probe;

    /// <summary>A name that no other test of the run has.</summary>
    public static string NewName(string stem) => string.Create(CultureInfo.InvariantCulture, $"{stem}-{Interlocked.Increment(ref names)}");

    /// <summary>A loopback address that no other test of the run sends from.</summary>
    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref addresses);
        return string.Create(CultureInfo.InvariantCulture, $"127.77.{number / 200}.{(number % 200) + 1}");
    }

    /// <summary>Tests ask for a name until it is in force, which looks like a storm.</summary>
    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["DOTMAC_RADIUS_REJECTS_PER_MINUTE"] = "0" };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        probe = await NasAsync(shortname: NewName("probe"));
    }

    /// <summary>Registers a NAS and waits until the server answers it.</summary>
    public async Task<TestNas> NasAsync(
        string vendor = "mikrotik",
        string policy = "auto",
        string? secret = null,
        int? coaPort = null,
        string? shortname = null,
        string? address = null,
        ApiClient? admin = null
    )
    {
        secret ??= NewName("nas-secret");
        address ??= NewAddress();
        var body = new Dictionary<string, object?>
        {
            ["nasname"] = address,
            ["shortname"] = shortname ?? NewName("bng"),
            ["type"] = "router",
            ["vendor"] = vendor,
            ["secret"] = secret,
            ["message_authenticator_policy"] = policy,
            ["coa_port"] = coaPort ?? 3799,
        };
        var made = (await (admin ?? Admin).PostAsync("/api/v1/radius/nas", body)).ShouldHave(HttpStatusCode.Created);
        var nas = new TestNas(Host, address, secret, made["id"].GetGuid());
        await Eventually.IsTrueAsync(nas.IsServedAsync, $"the new NAS {address} is served");
        return nas;
    }

    /// <summary>Creates a subscriber and waits until it is in force (asked by a NAS of the fixture's own).</summary>
    public async Task<TestSubscriber> SubscriberAsync(object? more = null, string? username = null)
    {
        username ??= NewName("user");
        var body = Fields(more);
        body["username"] = username;
        body.TryAdd("password", Password);
        var made = (await Admin.PostAsync("/api/v1/radius/subscribers", body)).ShouldHave(HttpStatusCode.Created);
        var password = (string)body["password"]!;
        if (body.GetValueOrDefault("enabled") is false)
        {
            await SettleAsync();
            return new TestSubscriber(made["id"].GetGuid(), username, password);
        }

        await Eventually.IsTrueAsync(
            async () => (await probe!.AccessAsync(username, password)).Code == PacketCode.AccessAccept,
            $"the new login {username} is in force"
        );
        return new TestSubscriber(made["id"].GetGuid(), username, password);
    }

    /// <summary>Waits until everything that was changed before is in force: notifications arrive in the order of the changes.</summary>
    public Task SettleAsync() => SubscriberAsync();

    public async Task<Guid> ProfileAsync(int downKbps, int upKbps, object? more = null)
    {
        var body = Fields(more);
        body["name"] = NewName("plan");
        body["download_rate_kbps"] = downKbps;
        body["upload_rate_kbps"] = upKbps;
        return (await Admin.PostAsync("/api/v1/radius/bandwidth-profiles", body)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
    }

    /// <summary>The reasons that were noted for a NAS, in order; waits until there are so many.</summary>
    public async Task<IReadOnlyList<string>> DecisionsAsync(TestNas nas, int count)
    {
        IReadOnlyList<string> codes = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                codes = await Database.QueryAsync<string>(
                    "SELECT code FROM radpostauth WHERE nas_id = @Id ORDER BY authdate, id",
                    new { nas.Id }
                );
                return codes.Count >= count;
            },
            $"{count} decisions noted"
        );
        return codes;
    }

    /// <summary>The sum of a counter at /metrics over the series that carry all of these labels.</summary>
    public async Task<double> MetricAsync(string name, params (string Label, string Value)[] labels)
    {
        var text = (await Admin.GetAsync("/metrics")).ShouldHave(HttpStatusCode.OK).Text;
        return text.Split('\n')
            .Where(line =>
                (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
                && labels.All(l => line.Contains($"{l.Label}=\"{l.Value}\"", StringComparison.Ordinal))
            )
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>How many packets one door dropped for a reason.</summary>
    public Task<double> DroppedAsync(string port, string reason) => MetricAsync("radius_dropped_total", ("port", port), ("reason", reason));

    /// <summary>Waits until so many were dropped: who hears nothing does not know when it was read.</summary>
    public Task DropsAsync(string port, string reason, double count) =>
        Eventually.IsTrueAsync(async () => await DroppedAsync(port, reason) == count, $"{count} dropped at {port}: {reason}");

    private static Dictionary<string, object?> Fields(object? from) =>
        from?.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(from), StringComparer.Ordinal) ?? [];
}

/// <summary>A subscriber as created through the API.</summary>
public sealed record TestSubscriber(Guid Id, string Username, string Password);
