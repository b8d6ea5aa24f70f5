using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace DotMac.Network.Ipam.Registry;

/// <summary>A JSON merge patch (RFC 7396) of <typeparamref name="TFields"/>: what stands in it is set, null clears.</summary>
/// <typeparam name="TFields">How the API's description shows it.</typeparam>
internal sealed record MergePatch<TFields>(JsonObject Change) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TFields)));

    public static async ValueTask<MergePatch<TFields>?> BindAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) is JsonObject change
                ? new MergePatch<TFields>(change)
                : throw new BadHttpRequestException("A JSON object is meant.");
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("This is no JSON.", e);
        }
    }
}
