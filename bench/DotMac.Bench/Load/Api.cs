using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace DotMac.Bench.Load;

/// <summary>The public API as a client of it sees it. Several may ask at once.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 128, UseCookies = false });
    private readonly Uri address;
    private AuthenticationHeaderValue? token;

    public Api(Uri address) => this.address = address;

    public async Task LoginAsync(string email, string password)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/v1/auth/login", new { email, password }, HttpStatusCode.OK);
        token = new AuthenticationHeaderValue("Bearer", answer.GetProperty("access_token").GetString());
    }

    /// <summary>Null status takes any answer below 300.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null, HttpStatusCode? status = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = token;
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync();
        if (status is { } wanted ? response.StatusCode != wanted : !response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        }

        using var document = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        return document.RootElement.Clone();
    }

    public void Dispose() => http.Dispose();
}
