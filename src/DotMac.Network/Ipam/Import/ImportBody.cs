using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DotMac.Network.Ipam.Import;

internal static class ImportBody
{
    private const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>The file as text; what is beyond the limit is not read, and then its lines are too many.</summary>
    public static async Task<string> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while (text.Length < MostCharacters && (read = await reader.ReadAsync(buffer, ct)) > 0)
        {
            text.Append(buffer, 0, read);
        }

        return text.ToString();
    }

    public static string Audit(ImportView view) => JsonSerializer.Serialize(new { created = view.Created, unchanged = view.Unchanged });
}
