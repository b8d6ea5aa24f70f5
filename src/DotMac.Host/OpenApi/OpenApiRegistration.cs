using System.Text.Json.Serialization.Metadata;
using DotMac.Kernel.Results;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DotMac.Host.OpenApi;

/// <summary>The API's description, generated from the routes: <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiRegistration
{
    public const string Document = "v1";

    public static void AddDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            Document,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = SchemaName;
                options.AddDocumentTransformer(Describe.DocumentAsync);
                options.AddOperationTransformer(Describe.OperationAsync);
                options.AddSchemaTransformer(DescribeOptionalAsync);
            }
        );

    public static void MapDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json");

    /// <summary>The records of a use case all have the same names (Body, Response): its own name stands before them.</summary>
    private static string? SchemaName(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name is not null && type.Type.DeclaringType is { } useCase ? useCase.Name + name : name;
    }

    /// <summary>A PATCH field is described as what it holds, or null.</summary>
    private static async Task DescribeOptionalAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Optional<>))
        {
            return;
        }

        var held = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, ct);
        schema.Type = (held.Type ?? JsonSchemaType.Object) | JsonSchemaType.Null;
        schema.Format = held.Format;
        schema.Items = held.Items;
        schema.Enum = held.Enum;
        schema.Pattern = held.Pattern;
        schema.Properties = held.Properties;
    }
}
