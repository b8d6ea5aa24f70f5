using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DotMac.Access;
using DotMac.Kernel;
using DotMac.Kernel.Http;
using DotMac.Kernel.OutgoingHttp;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Platform;
using DotMac.SystemTests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.SystemTests.Access;

/// <summary>
/// The access group's routes over real HTTP and real PostgreSQL, with a sign-in that takes the caller from headers: what is tested here is
/// the group, not Identity. A class fixture: one database per class, two tenants in it.
/// </summary>
public sealed class AccessApi : IAsyncLifetime
{
    public static readonly Guid Tenant = Guid.Parse("00000000-0000-7000-8000-000000000001");
    public static readonly Guid OtherTenant = Guid.Parse("00000000-0000-7000-8000-000000000002");
    public static readonly string[] AllPermissions =
    [
        "isp.radius.read",
        "isp.radius.write",
        "isp.radius.sessions.manage",
        "dashboard.read",
        "isp.oss.read",
        "isp.oss.configure",
        "isp.ipam.read",
        "isp.ipam.write",
        "isp.network.pon.read",
        "isp.network.pon.write",
    ];

    private WebApplication? app;

    /// <summary>What a test class has registered besides; before <see cref="InitializeAsync"/>.</summary>
    public Action<IServiceCollection>? Adjust { get; init; }

    public TestDatabase Database { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    /// <summary>A caller of the first tenant who may do everything here.</summary>
    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        foreach (var (id, slug) in new[] { (Tenant, "first"), (OtherTenant, "second") })
        {
            await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, slug, name) VALUES (@id, @slug, @slug)", new { id, slug });
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new Defects()).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(Database.Databases);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.ConfigureHttpJsonOptions(o =>
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false))
        );
        builder.Services.AddProblemDetails(o => o.CustomizeProblemDetails = Problems.Complete);
        builder.Services.AddExceptionHandler<UnexpectedErrors>();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(new OutgoingOptions { Allowed = [IPNetwork.Parse("127.0.0.0/8")] });
        builder.Services.AddKernel();
        builder.Services.AddPlatform();
        builder.Services.AddAccess();
        builder.Services.AddNetwork();
        Adjust?.Invoke(builder.Services);
        app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(SignInAsync);
        app.MapGroup("/api/v1").MapUseCases("access", AccessModule.UseCases).MapUseCases("network", NetworkModule.UseCases);
        await app.StartAsync();
        Client = As(Tenant, AllPermissions);
    }

    public HttpClient As(Guid tenant, params string[] permissions)
    {
        var client = new HttpClient { BaseAddress = new Uri(app!.Urls.First() + "/api/v1/") };
        client.DefaultRequestHeaders.Add("X-Test-Tenant", tenant.ToString());
        client.DefaultRequestHeaders.Add("X-Test-Permissions", string.Join(',', permissions));
        return client;
    }

    public async Task DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private static Task SignInAsync(HttpContext http, RequestDelegate next)
    {
        if (Guid.TryParse(http.Request.Headers["X-Test-Tenant"], out var tenant))
        {
            var current = http.RequestServices.GetRequiredService<CurrentCaller>();
            var permissions = http.Request.Headers["X-Test-Permissions"].ToString().Split(',').ToFrozenSet(StringComparer.Ordinal);
            current.Value = new Caller(tenant, CallerKind.User, tenant, "tester", permissions);
            current.IdempotencyKey = http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : null;
        }

        return next(http);
    }
}

/// <summary>Keeps the last defect that the host logged, to show it beside a 500.</summary>
internal sealed class Defects : ILoggerProvider, ILogger
{
    public static string Last { get; private set; } = "";

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (exception is not null)
        {
            Last = $"\n{formatter(state, exception)}\n{exception}";
        }
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }
}

/// <summary>Short words for talking JSON to the API.</summary>
internal static class Json
{
    public static async Task<(int Status, JsonNode Body)> SendAsync(
        this HttpClient client,
        string method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    /// <summary>Sends and insists on the status.</summary>
    public static async Task<JsonNode> MustAsync(this HttpClient client, int status, string method, string path, object? body = null)
    {
        var (got, answer) = await client.SendAsync(method, path, body);
        got.ShouldBe(status, answer.ToJsonString() + (got == 500 ? Defects.Last : ""));
        return answer;
    }

    public static string Text(this JsonNode node, string name) => node[name]!.GetValue<string>();

    public static string Code(this JsonNode problem) => problem.Text("code");

    /// <summary>"field:code" of every fault.</summary>
    public static string[] Faults(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(f => $"{f!["field"]}:{f["code"]}").Order(StringComparer.Ordinal)];
}
