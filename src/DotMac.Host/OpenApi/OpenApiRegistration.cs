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
                options.AddDocumentTransformer(Inputs.DocumentAsync);
                options.AddOperationTransformer(Describe.OperationAsync);
                options.AddOperationTransformer(Inputs.OperationAsync);
                options.AddSchemaTransformer(DescribeOptionalAsync);
            }
        );

    public static void MapDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json");

    /// <summary>
    /// The records of a use case all have the same names (Body, Response): its own name stands before them, also inside a page. A PATCH
    /// field has no name: it is described where it stands.
    /// </summary>
    private static string? SchemaName(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (name is null || IsOptional(type.Type))
        {
            return null;
        }

        var arguments = type.Type.GetGenericArguments();
        if (Array.Exists(arguments, argument => argument.DeclaringType is not null))
        {
            var inside = string.Concat(arguments.Select(argument => argument.DeclaringType?.Name + argument.Name));
            name = $"{type.Type.Name.Split('`')[0]}Of{inside}";
        }

        return type.Type.DeclaringType is { } useCase ? useCase.Name + name : name;
    }

    private static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>A PATCH field is described as what it holds, or null.</summary>
    private static async Task DescribeOptionalAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (!IsOptional(type))
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
