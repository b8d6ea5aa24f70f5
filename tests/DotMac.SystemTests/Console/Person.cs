using System.Net;
using Microsoft.Playwright;

namespace DotMac.SystemTests.Console;

/// <summary>Somebody who is not the administrator, at his own browser.</summary>
internal static class Person
{
    private const string Password = "Another-Fine-Password-9";

    /// <summary>Makes a user with this seeded role and signs him in to a fresh browser profile.</summary>
    public static async Task<IPage> OpenAsync(BrowserFixture fixture, string email, string role, int width = 1440)
    {
        var roles = (await fixture.Admin.GetAsync("/api/v1/roles?limit=500")).ShouldHave(HttpStatusCode.OK);
        var id = roles["items"].EnumerateArray().Single(r => r.GetProperty("name").GetString() == role).GetProperty("id").GetString()!;
        var user = new
        {
            email,
            full_name = "Test Person",
            password = Password,
            role_ids = new[] { id },
        };
        (await fixture.Admin.PostAsync("/api/v1/users", user)).ShouldHave(HttpStatusCode.Created);
        var page = await fixture.PageAsync(signedIn: false, width: width);
        var login = new
        {
            email,
            password = Password,
            use_cookie = true,
        };
        var answer = await page.Context.APIRequest.PostAsync("/api/v1/auth/login", new APIRequestContextOptions { DataObject = login });
        answer.Status.ShouldBe(200, await answer.TextAsync());
        return page;
    }
}
