using System.Text;

namespace DotMac.Kernel.Telemetry;

/// <summary>An instrument's tags as a dictionary key; can be looked up by a span, without an allocation.</summary>
internal sealed class TagSet
{
    public static readonly IEqualityComparer<TagSet> Comparer = new ByTags();
    private readonly KeyValuePair<string, object?>[] tags;

    public TagSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        this.tags = tags.ToArray();
        Labels = Write(this.tags);
    }

    /// <summary>As Prometheus writes them, sorted by name, without braces.</summary>
    public string Labels { get; }

    private static string Write(KeyValuePair<string, object?>[] tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            var escaped = (Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "," : "").Append(PrometheusName.Label(name)).Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }

    /// <summary>Equal when the tags are, in the same order: an instrument is always called with one order.</summary>
    private sealed class ByTags : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

        public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.tags, y));

        public int GetHashCode(TagSet obj) => GetHashCode(obj.tags.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
        {
            if (alternate.Length != other.tags.Length)
            {
                return false;
            }

            for (var i = 0; i < alternate.Length; i++)
            {
                if (
                    !string.Equals(alternate[i].Key, other.tags[i].Key, StringComparison.Ordinal)
                    || !Equals(alternate[i].Value, other.tags[i].Value)
                )
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (name, value) in alternate)
            {
                hash.Add(name.GetHashCode(StringComparison.Ordinal));
                hash.Add(value?.GetHashCode() ?? 0);
            }

            return hash.ToHashCode();
        }
    }
}
