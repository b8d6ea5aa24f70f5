using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DotMac.Host.OpenApi;

/// <summary>What the routes alone do not say: how to sign in, which permission is needed, what an error looks like.</summary>
internal static class Describe
{
    private const string Bearer = "bearer";
    private const string ApiKey = "api_key";
    private const string Cookie = "session";

    public static Task DocumentAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "DotMac ISP Operations",
            Version = "v1",
            Description =
                "JSON in snake_case, times in RFC 3339 UTC. Errors are RFC 9457 problem details with a stable `code`; "
                + "lists answer `items` and `next_cursor`; POSTs that create honour `Idempotency-Key`; PATCH is JSON merge patch.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        // Whoever asked for the document, it reads the same: relative to where it was found.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The access_token of POST /api/v1/auth/login, or an API key.",
            },
            [ApiKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Api-Key",
            },
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "dotmac_session",
                Description = "The console's session; unsafe methods also need the header X-CSRF: 1.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        document.Components.Schemas["Problem"] = Problem();
        return Task.CompletedTask;
    }

    public static Task OperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var useCase = context.Description.ActionDescriptor.EndpointMetadata.OfType<UseCaseMetadata>().LastOrDefault();
        if (useCase is null)
        {
            return Task.CompletedTask;
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal with its code",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
            },
        };
        operation.Summary ??= Sentence(useCase.Name);
        if (string.Equals(useCase.Access, "public", StringComparison.Ordinal))
        {
            operation.Security = [];
            return Task.CompletedTask;
        }

        var needs = string.Equals(useCase.Access, "signed-in", StringComparison.Ordinal)
            ? "Any signed-in caller."
            : $"Permission: `{useCase.Access}`.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? needs : $"{operation.Description}\n\n{needs}";
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKey, context.Document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Cookie, context.Document)] = [] },
        ];
        return Task.CompletedTask;
    }

    /// <summary>"CreateBandwidthProfile" reads "Create bandwidth profile".</summary>
    internal static string Sentence(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append(' ').Append(char.ToLowerInvariant(c));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static OpenApiSchema Problem() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457 problem details.",
            Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code", "request_id" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = Text("Address that names the kind of error; ends in the code."),
                ["title"] = Text("The kind of error in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = Text("What is wrong here and what to do."),
                ["code"] = Text("Stable name for programs, e.g. nas.not_found."),
                ["request_id"] = Text("The same id as in the server's log."),
                ["retry_after_seconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "Every fault of the input at once.",
                    Items = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                        {
                            ["field"] = Text("The field as it was sent."),
                            ["code"] = Text("Stable name of the fault."),
                            ["message"] = Text("The fault in words."),
                        },
                    },
                },
            },
        };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
