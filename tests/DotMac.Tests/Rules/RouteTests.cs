using DotMac.Host;
using DotMac.Host.Settings;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Tests.Rules;

/// <summary>Every route of the real host is a use case with a permission, or stands on a short list with its reason.</summary>
public sealed class RouteTests
{
    /// <summary>What may be called without being a use case, and why.</summary>
    private static readonly Dictionary<string, string> Infrastructure = new(StringComparer.Ordinal)
    {
        ["/.well-known/jwks.json"] = "public halves of the signing keys",
        ["/health/live"] = "tells that the process lives",
        ["/health/ready"] = "tells whether it takes requests, without details",
        ["/metrics"] = "numbers for Prometheus; see docs/security.md",
        ["/openapi/{documentName}.json"] = "the API's description",
        ["/docs"] = "the description as a page",
        ["/docs/docs.js"] = "that page's script",
        ["/docs/docs.css"] = "that page's looks",
        ["{*path}"] = "the console's page, without data",
    };

    /// <summary>Use cases that need no sign-in, and why.</summary>
    private static readonly Dictionary<string, string> Public = new(StringComparer.Ordinal)
    {
        ["Login"] = "signing in",
        ["RefreshSession"] = "the refresh token is the credential",
    };

    [Fact]
    public async Task Every_route_names_a_permission_or_is_explained()
    {
        var routes = await RoutesAsync();
        routes.Count.ShouldBeGreaterThan(40);
        Faults(routes).ShouldBeEmpty();
        routes
            .GroupBy(r => r.Name)
            .Where(g => g.Key is not null && g.Select(r => r.Path).Distinct().Count() > 1)
            .Select(g => g.Key)
            .ShouldBeEmpty("two routes of one name stop every request");
        Golden.ShouldOnlyGrow("routes.txt", routes.Select(r => $"{r.Method} {r.Path} {r.UseCase?.Access ?? "infrastructure"}"));
    }

    [Fact]
    public void Routes_without_a_permission_are_found()
    {
        var planted = new List<Route>
        {
            new("GET", "/api/v1/secret", null),
            new("POST", "/api/v1/open", new UseCaseMetadata("OpenDoor", "public")),
            new("GET", "/api/v1/fine", new UseCaseMetadata("Fine", "users.read")),
        };
        Faults(planted).ShouldBe(["GET /api/v1/secret is no use case", "POST /api/v1/open is public without a reason"]);
    }

    private static IEnumerable<string> Faults(IEnumerable<Route> routes) =>
        routes
            .Select(r =>
                r.UseCase is null ? (Infrastructure.ContainsKey(r.Path) ? null : $"{r.Method} {r.Path} is no use case")
                : r.UseCase.Access == "public" && !Public.ContainsKey(r.UseCase.Name) ? $"{r.Method} {r.Path} is public without a reason"
                : null
            )
            .OfType<string>();

    private static async Task<List<Route>> RoutesAsync()
    {
        var settings = HostSettings.Read(new Dictionary<string, string>(StringComparer.Ordinal), out _);
        const string Nowhere = "Host=127.0.0.1;Port=1;Username=none;Database=none";
        await using var databases = new Databases(Nowhere, Nowhere, Nowhere);
        var scratch = Directory.CreateTempSubdirectory("dotmac-routes-");
        try
        {
            await using var app = Composition.Build(settings, NodeRoles.Web, scratch.FullName, databases);
            return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().SelectMany(Read)];
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static IEnumerable<Route> Read(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];
        var useCase = endpoint.Metadata.GetMetadata<UseCaseMetadata>();
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        return methods.Select(m => new Route(m, endpoint.RoutePattern.RawText ?? "", useCase, name));
    }

    private sealed record Route(string Method, string Path, UseCaseMetadata? UseCase, string? Name = null);
}
