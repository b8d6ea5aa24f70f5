using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DotMac.SystemTests.Harness;

/// <summary>An answer with its body read; <see cref="Body"/> is undefined when there was no JSON.</summary>
public sealed record ApiAnswer(
    HttpStatusCode Status,
    JsonElement Body,
    string Text,
    HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders
)
{
    /// <summary>The problem's stable code, or null.</summary>
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>The problem's faults as <c>field:code</c>, sorted.</summary>
    public string[] Faults =>
        [
            .. this["errors"]
                .EnumerateArray()
                .Select(f => $"{f.GetProperty("field").GetString()}:{f.GetProperty("code").GetString()}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A property by its path: <c>answer["nas.id"]</c>.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(Body, (element, name) => element.GetProperty(name));

    /// <summary>Itself when the status is as expected; else fails with the body.</summary>
    public ApiAnswer ShouldHave(HttpStatusCode expected)
    {
        Status.ShouldBe(expected, Text);
        return this;
    }
}

/// <summary>Speaks the public API: paths are relative to the host, bodies are anonymous objects in snake_case.</summary>
public sealed class ApiClient : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly HttpClient http;

    public ApiClient(Uri address) =>
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(30),
        };

    public HttpClient Http => http;

    public string? Token
    {
        get => http.DefaultRequestHeaders.Authorization?.Parameter;
        set => http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    public async Task<ApiAnswer> LoginAsync(string email, string password)
    {
        var answer = await PostAsync("/api/v1/auth/login", new { email, password });
        answer.ShouldHave(HttpStatusCode.OK);
        Token = answer["access_token"].GetString();
        return answer;
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    public Task<ApiAnswer> PatchAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, body, headers);

    public Task<ApiAnswer> PutAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, body, headers);

    public Task<ApiAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>A string body is sent as it is (for malformed JSON), anything else as JSON.</summary>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, System.Text.Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body, options: Json),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        var text1 = await response.Content.ReadAsStringAsync();
        return new ApiAnswer(
            response.StatusCode,
            Parse(text1, response.Content.Headers.ContentType?.MediaType),
            text1,
            response.Headers,
            response.Content.Headers
        );
    }

    public void Dispose() => http.Dispose();

    private static JsonElement Parse(string text, string? mediaType)
    {
        if (text.Length == 0 || mediaType?.EndsWith("json", StringComparison.Ordinal) != true)
        {
            return default;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

public static class ApiAnswers
{
    /// <summary>Waits for the answer and insists on its status.</summary>
    public static async Task<ApiAnswer> ShouldAsync(this Task<ApiAnswer> answer, int status) =>
        (await answer).ShouldHave((HttpStatusCode)status);
}
