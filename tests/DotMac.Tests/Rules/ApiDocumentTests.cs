using System.Text.Json;
using System.Text.RegularExpressions;

namespace DotMac.Tests.Rules;

/// <summary>What the API's description shows of the whole API.</summary>
public sealed partial class ApiDocumentTests
{
    [Fact]
    public void Every_query_parameter_and_property_is_in_snake_case()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Code.Root, "docs", "openapi.json")));
        var parameters = Queries(document.RootElement).ToList();
        parameters.Count.ShouldBeGreaterThan(100);
        parameters.Concat(Properties(document.RootElement)).Where(n => !SnakeCase().IsMatch(n)).Distinct().ShouldBeEmpty();
    }

    private static IEnumerable<string> Queries(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.TryGetProperty("parameters", out _)
        from parameter in operation.Value.GetProperty("parameters").EnumerateArray()
        where parameter.GetProperty("in").GetString() == "query"
        select parameter.GetProperty("name").GetString()!;

    private static IEnumerable<string> Properties(JsonElement document) =>
        from schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject()
        where schema.Value.TryGetProperty("properties", out _)
        from property in schema.Value.GetProperty("properties").EnumerateObject()
        select property.Name;

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
