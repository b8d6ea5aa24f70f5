using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DotMac.Host.OpenApi;

/// <summary>What callers send, described as they send it: what may be left out is not required, and query names are lower case.</summary>
internal static class Inputs
{
    /// <summary>
    /// Answers always carry every field, so the generator marks each as required; in a body, a field that may be null may be left out.
    /// </summary>
    public static Task DocumentAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        var operations = document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>());
        var contents = operations.SelectMany(operation => operation.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>());
        foreach (var reference in contents.Select(content => content.Schema).OfType<OpenApiSchemaReference>())
        {
            var body = reference.Target;
            foreach (var (name, schema) in body?.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
            {
                if (MayBeNull(schema))
                {
                    body!.Required?.Remove(name);
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Query names are read without regard to case; the generator copies the record's capital letter.</summary>
    public static Task OperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter is { In: ParameterLocation.Query, Name: [var first, ..] name } && char.IsUpper(first))
            {
                parameter.Name = char.ToLowerInvariant(first) + name[1..];
            }
        }

        return Task.CompletedTask;
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || (schema.OneOf?.Any(MayBeNull) ?? false);
}
