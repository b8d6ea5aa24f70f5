using System.Text.Json;
using System.Text.Json.Serialization;

namespace DotMac.Host.Web;

/// <summary>How the API writes and reads JSON, once for every endpoint and for the description.</summary>
internal static class JsonFormat
{
    public static void AddJsonFormat(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.DictionaryKeyPolicy = null;
            json.PropertyNameCaseInsensitive = false;
            json.NumberHandling = JsonNumberHandling.Strict;
            json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
}
