using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>The public halves of the signing keys, for services that check access tokens themselves: RFC 7517.</summary>
public static class JsonWebKeys
{
    /// <summary>Public by nature; stands at the root, outside the API's versions.</summary>
    public static IEndpointRouteBuilder MapJsonWebKeys(this IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/jwks.json", Get).WithName(nameof(JsonWebKeys)).ExcludeFromDescription();
        return app;
    }

    private static async Task<IResult> Get(SigningKeys keys, HttpResponse response, CancellationToken ct)
    {
        response.Headers.CacheControl = "public, max-age=300";
        var known = await keys.PublicAsync(ct);
        return TypedResults.Json(new { keys = known.Select(Describe).ToArray() });
    }

    private static object Describe(SigningKey key)
    {
        var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            alg = "RS256",
            kid = key.Kid,
            n = Base64Url.EncodeToString(numbers.Modulus),
            e = Base64Url.EncodeToString(numbers.Exponent),
        };
    }
}
