namespace DotMac.Tests.Radius;

/// <summary>The text vectors of tests/vectors/radius: blocks of "key: value" lines.</summary>
public sealed class VectorFile
{
    private readonly List<KeyValuePair<string, string>> _lines = [];

    public string Name => Get("name");

    public byte[] Packet => Convert.FromHexString(string.Concat(GetAll("packet")).Replace(" ", string.Empty, StringComparison.Ordinal));

    public static IReadOnlyList<VectorFile> Read(string file)
    {
        var blocks = new List<VectorFile>();
        VectorFile? block = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "vectors", "radius", file)))
        {
            if (line.Length == 0)
            {
                block = null;
            }
            else if (line[0] != '#')
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (block is null)
                {
                    blocks.Add(block = new VectorFile());
                }

                block._lines.Add(new(line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        return blocks;
    }

    public bool Has(string key) => _lines.Exists(line => line.Key == key);

    public string Get(string key) => _lines.Single(line => line.Key == key).Value;

    public IEnumerable<string> GetAll(string key) => _lines.Where(line => line.Key == key).Select(line => line.Value);

    public byte[] GetOctets(string key) => Convert.FromHexString(Get(key).Replace(" ", string.Empty, StringComparison.Ordinal));
}
