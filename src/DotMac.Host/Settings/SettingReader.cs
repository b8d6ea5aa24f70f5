using System.Globalization;
using System.Net;
using System.Net.Mail;

namespace DotMac.Host.Settings;

/// <summary>Turns setting texts into values and collects every fault instead of stopping at the first.</summary>
internal sealed class SettingReader(IReadOnlyDictionary<string, string> environment)
{
    private readonly List<string> faults = [];

    public IReadOnlyList<string> Faults => faults;

    /// <summary>Another reader of the same settings, without the faults: for files that are read again while the process runs.</summary>
    public SettingReader Again() => new(environment);

    public void Fault(string key, string message) => faults.Add($"{key}: {message}");

    /// <summary>The trimmed text, or null when unset or blank.</summary>
    public string? Text(string key) =>
        environment.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    public int Port(string key, int otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
        {
            return port;
        }

        Fault(key, $"\"{text}\" is not a port (1-65535). Set it to a free port, e.g. {otherwise.ToString(CultureInfo.InvariantCulture)}.");
        return otherwise;
    }

    public int Number(string key, int otherwise, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Fault(
            key,
            string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is not a number from {least} to {most}. Set one or remove it.")
        );
        return otherwise;
    }

    public IPAddress Address(string key, IPAddress otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (text is "*" or "any")
        {
            return IPAddress.IPv6Any;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        Fault(key, $"\"{text}\" is not an IP address. Set it to an address of this machine, to 127.0.0.1 (this machine only) or to any.");
        return otherwise;
    }

    /// <summary>Networks in CIDR form, separated by commas; an address alone is itself. None: empty.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (Text(key) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var isOne = IPAddress.TryParse(text, out var address);
            var network = isOne ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
            if ((isOne || IPNetwork.TryParse(text, out network)) && network.PrefixLength >= 8)
            {
                networks.Add(network);
            }
            else
            {
                Fault(key, $"\"{text}\" is not a network of /8 or smaller. Set it like 10.20.0.0/16,192.0.2.10,fd00:20::/32.");
            }
        }

        return networks;
    }

    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        var names = Enum.GetNames<T>();
        if (names.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return Enum.Parse<T>(text, ignoreCase: true);
        }

        Fault(
            key,
            $"\"{text}\" is not one of {string.Join(", ", names.Select(n => n.ToLowerInvariant()))}. Set it to one of them or remove it."
        );
        return otherwise;
    }

    public OtlpProtocol? Protocol(string key)
    {
        switch (Text(key))
        {
            case null:
                return null;
            case "grpc":
                return OtlpProtocol.Grpc;
            case "http/protobuf":
                return OtlpProtocol.HttpProtobuf;
            case var text:
                Fault(key, $"\"{text}\" is not one of grpc, http/protobuf. Set it to one of them or remove it.");
                return null;
        }
    }

    public string? Email(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (MailAddress.TryCreate(text, out var address) && string.Equals(address.Address, text, StringComparison.Ordinal))
        {
            return text;
        }

        Fault(key, $"\"{text}\" is not an e-mail address. Set it to the administrator's, e.g. admin@example.net.");
        return null;
    }

    /// <summary>A password is never echoed, not even a bad one.</summary>
    public string? Password(string key)
    {
        if (!environment.TryGetValue(key, out var value) || value.Length == 0)
        {
            return null;
        }

        if (value.Length is >= 8 and <= 128)
        {
            return value;
        }

        Fault(key, "a password has 8 to 128 characters. Set a longer one, or remove it: then a random one is printed once.");
        return null;
    }

    public Uri? HttpAddress(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }

        Fault(key, $"\"{text}\" is not an http address. Set it to the receiver's base address, e.g. http://127.0.0.1:4318.");
        return null;
    }

    /// <summary>Accepts Npgsql's key=value form and libpq's postgres:// form; answers the former.</summary>
    public string? ConnectionString(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        const string Mend =
            "Set it like Host=db.example.net;Database=dotmac;Username=dotmac_owner;Password=… or remove it to run the private cluster.";
        try
        {
            var builder = PostgresAddress.Parse(text);
            var missing = new List<string>();
            if (string.IsNullOrEmpty(builder.Host))
            {
                missing.Add("Host");
            }

            if (string.IsNullOrEmpty(builder.Database))
            {
                missing.Add("Database");
            }

            if (string.IsNullOrEmpty(builder.Username))
            {
                missing.Add("Username");
            }

            if (missing.Count == 0)
            {
                return builder.ConnectionString;
            }

            Fault(key, $"{string.Join(" and ", missing)} is missing. {Mend}");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // The text may hold a password: say what is wrong, not what was written.
            Fault(key, $"is not a PostgreSQL connection string. {Mend}");
        }

        return null;
    }
}
