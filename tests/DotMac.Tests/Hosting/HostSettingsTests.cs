using System.Net;
using DotMac.Host.Settings;

namespace DotMac.Tests.Hosting;

public sealed class HostSettingsTests
{
    [Fact]
    public void Nothing_set_gives_the_documented_defaults()
    {
        var settings = Read([], out var faults);

        faults.ShouldBeEmpty();
        settings.HttpPort.ShouldBe(8080);
        settings.HttpBind.ShouldBe(IPAddress.Loopback);
        settings.RadiusAuthPort.ShouldBe(1812);
        settings.RadiusAcctPort.ShouldBe(1813);
        settings.Database.ShouldBeNull();
        settings.DataFolder.ShouldBe(Path.GetFullPath(".dotmac"));
        settings.DataFolderChosen.ShouldBeFalse();
    }

    [Theory]
    [InlineData("DOTMAC_HTTP_PORT", "abc")]
    [InlineData("DOTMAC_HTTP_PORT", "0")]
    [InlineData("DOTMAC_HTTP_PORT", "65536")]
    [InlineData("DOTMAC_HTTP_PORT", "-1")]
    [InlineData("DOTMAC_HTTP_PORT", "8080.5")]
    [InlineData("DOTMAC_RADIUS_AUTH_PORT", "radius")]
    [InlineData("DOTMAC_RADIUS_ACCT_PORT", "1812")]
    [InlineData("DOTMAC_RADSEC_CA", "/etc/dotmac/radsec-ca.crt")]
    [InlineData("DOTMAC_HTTP_BIND", "localhost")]
    [InlineData("DOTMAC_RADIUS_BIND", "300.1.1.1")]
    [InlineData("DOTMAC_DATABASE", "what is this")]
    [InlineData("DOTMAC_DATABASE", "Host=db;Port=x;Database=d;Username=u")]
    [InlineData("DOTMAC_DATABASE", "Host=db")]
    [InlineData("DOTMAC_DATABASE", "postgres://")]
    [InlineData("DOTMAC_DATABASE", "postgres://u:p@h:99999/d")]
    [InlineData("DOTMAC_ADMIN_EMAIL", "nobody")]
    [InlineData("DOTMAC_ADMIN_EMAIL", "Ann <ann@example.net>")]
    [InlineData("DOTMAC_ADMIN_PASSWORD", "short")]
    [InlineData("DOTMAC_OUTGOING_ALLOW", "10.0.0.0/8,everything")]
    [InlineData("DOTMAC_OUTGOING_ALLOW", "0.0.0.0/0")]
    [InlineData("DOTMAC_LOG_FORMAT", "xml")]
    [InlineData("DOTMAC_LOG_LEVEL", "loud")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    public void A_bad_value_is_one_fault_that_names_the_key_and_a_mend(string key, string value)
    {
        Read([(key, value)], out var faults);

        var fault = faults.ShouldHaveSingleItem();
        fault.ShouldStartWith(key + ": ");
        fault.ShouldContain("et ");
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        Read([("DOTMAC_HTTP_PORT", "x"), ("DOTMAC_LOG_FORMAT", "y"), ("DOTMAC_ADMIN_EMAIL", "z")], out var faults);

        faults.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("DOTMAC_ADMIN_PASSWORD", "hunter2")]
    [InlineData("DOTMAC_DATABASE", "Host=db;Password=hunter2;Nonsense=1")]
    [InlineData("DOTMAC_DATABASE", "postgres://u:hunter2@h/d?nonsense=1")]
    public void A_secret_is_not_repeated_in_a_fault(string key, string value)
    {
        Read([(key, value)], out var faults);

        faults.ShouldHaveSingleItem().ShouldNotContain("hunter2");
    }

    [Fact]
    public void Both_spellings_of_a_database_address_mean_the_same()
    {
        var key = Read(
            [("DOTMAC_DATABASE", "Host=db.example.net;Port=5433;Database=isp;Username=own er;Password=p@ss/1;SSL Mode=VerifyFull")],
            out _
        );
        var uri = Read(
            [("DOTMAC_DATABASE", "postgresql://own%20er:p%40ss%2F1@db.example.net:5433/isp?sslmode=verify-full")],
            out var faults
        );

        faults.ShouldBeEmpty();
        uri.Database.ShouldBe(key.Database);
    }

    [Fact]
    public void An_empty_value_is_no_value()
    {
        var settings = Read([("DOTMAC_HTTP_PORT", " "), ("DOTMAC_DATABASE", "")], out var faults);

        faults.ShouldBeEmpty();
        settings.HttpPort.ShouldBe(8080);
    }

    [Fact]
    public void Every_setting_that_is_read_is_documented_and_every_documented_one_is_read()
    {
        var asked = new Asking();
        HostSettings.Read(asked, out _);

        var documented = File.ReadLines(Path.Combine(Repository.Root, ".env.example"))
            .Where(line => line.StartsWith("# DOTMAC_", StringComparison.Ordinal) || line.StartsWith("# OTEL_", StringComparison.Ordinal))
            .Select(line => line[2..line.IndexOf('=')]);
        documented.Order().ShouldBe(asked.Keys.Order());
    }

    private static HostSettings Read((string, string)[] values, out IReadOnlyList<string> faults) =>
        HostSettings.Read(values.ToDictionary(v => v.Item1, v => v.Item2), out faults);

    /// <summary>An empty environment that remembers what it was asked for.</summary>
    private sealed class Asking : Dictionary<string, string>, IReadOnlyDictionary<string, string>
    {
        private readonly HashSet<string> asked = [];

        IEnumerable<string> IReadOnlyDictionary<string, string>.Keys => asked;

        public new IEnumerable<string> Keys => asked;

        bool IReadOnlyDictionary<string, string>.TryGetValue(string key, out string value)
        {
            asked.Add(key);
            value = "";
            return false;
        }
    }
}
