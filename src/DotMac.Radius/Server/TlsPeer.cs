using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Server;

/// <summary>The holder of a verified certificate.</summary>
/// <param name="Subject">The subject as text, for people.</param>
/// <param name="Names">
/// The names it proves: DNS names and addresses of the subject alternative name; the common name when there is no DNS name (RFC 6614 §2.3).
/// </param>
public sealed record TlsPeer(string Subject, IReadOnlyList<string> Names)
{
    public static TlsPeer Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            if (names.Count == 0 && CommonName(certificate) is { } common)
            {
                names.Add(common);
            }

            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        if (names.Count == 0 && CommonName(certificate) is { } only)
        {
            names.Add(only);
        }

        return new TlsPeer(certificate.Subject, names);
    }

    private static string? CommonName(X509Certificate2 certificate) =>
        certificate
            .SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == "2.5.4.3")
            .Select(name => name.GetSingleElementValue())
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
