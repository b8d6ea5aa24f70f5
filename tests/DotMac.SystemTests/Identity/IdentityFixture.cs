using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Identity;

/// <summary>A host whose sign-in limits do not stand in the way of tests that sign in often.</summary>
public sealed class IdentityFixture : HostFixture
{
    public const string Password = "Another-Fine-Password-9";
    private int number;

    protected override IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string> { ["DOTMAC_AUTH_RATE_FACTOR"] = "10000" };

    public ApiClient Anonymous() => Host.Api();

    public string NewEmail(string name = "user") => $"{name}-{Interlocked.Increment(ref number)}@example.net";

    public async Task<string> RoleIdAsync(string name, ApiClient? admin = null)
    {
        var roles = (await (admin ?? Admin).GetAsync("/api/v1/roles?limit=500")).ShouldHave(HttpStatusCode.OK);
        return roles["items"].EnumerateArray().Single(r => r.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
    }

    /// <summary>Makes a user with these seeded roles; answers his id.</summary>
    public async Task<string> MakeUserAsync(string email, params string[] roles)
    {
        var ids = new List<string>();
        foreach (var role in roles)
        {
            ids.Add(await RoleIdAsync(role));
        }

        var made = await Admin.PostAsync(
            "/api/v1/users",
            new
            {
                email,
                full_name = "Test Person",
                password = Password,
                role_ids = ids,
            }
        );
        return made.ShouldHave(HttpStatusCode.Created)["id"].GetString()!;
    }

    public async Task<ApiClient> SignInAsync(string email, string password = Password)
    {
        var client = Host.Api();
        await client.LoginAsync(email, password);
        return client;
    }

    /// <summary>Makes a user with these roles and signs him in.</summary>
    public async Task<(ApiClient Client, string Id, string Email)> PersonAsync(params string[] roles)
    {
        var email = NewEmail();
        var id = await MakeUserAsync(email, roles);
        return (await SignInAsync(email), id, email);
    }
}
