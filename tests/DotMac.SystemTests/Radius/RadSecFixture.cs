using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A host that also serves RADIUS over TLS, and certificates made by openssl.</summary>
public class RadSecFixture : RadiusFixture
{
    private static readonly string[] Openssl = ["openssl"];

    public string Folder { get; } = Workspace.NewFolder("radsec");

    public int RadSecPort { get; } = Ports.Tcp();

    public X509Certificate2Collection Issuer => Load("ca.crt");

    protected override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["DOTMAC_RADSEC_PORT"] = RadSecPort.ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADSEC_CERTIFICATE"] = File("server.crt"),
            ["DOTMAC_RADSEC_KEY"] = File("server.key"),
            ["DOTMAC_RADSEC_CA"] = File("ca.crt"),
        };

    public override async Task InitializeAsync()
    {
        await MakeIssuerAsync("ca");
        await MakeAsync("server", "dotmac.example", "DNS:localhost,IP:127.0.0.1");
        await InitializeHostAsync();
    }

    protected Task InitializeHostAsync() => base.InitializeAsync();

    public string File(string name) => Path.Combine(Folder, name);

    public X509Certificate2 Identity(string name) => X509Certificate2.CreateFromPemFile(File(name + ".crt"), File(name + ".key"));

    public X509Certificate2Collection Load(string file)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(File(file));
        return all;
    }

    public Task MakeIssuerAsync(string name) =>
        RunAsync(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            $"/CN={name} of the tests",
            "-keyout",
            File(name + ".key"),
            "-out",
            File(name + ".crt")
        );

    /// <summary>A key pair whose certificate an issuer signed.</summary>
    public async Task MakeAsync(string name, string commonName, string? alternatives = null, string issuer = "ca", string days = "2")
    {
        await RunAsync(
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            $"/O=Tests/CN={commonName}",
            "-keyout",
            File(name + ".key"),
            "-out",
            File(name + ".csr")
        );
        var extensions = File(name + ".ext");
        await System.IO.File.WriteAllTextAsync(
            extensions,
            "extendedKeyUsage=serverAuth,clientAuth\n" + (alternatives is null ? "" : $"subjectAltName={alternatives}\n")
        );
        await RunAsync(
            "x509",
            "-req",
            "-in",
            File(name + ".csr"),
            "-CA",
            File(issuer + ".crt"),
            "-CAkey",
            File(issuer + ".key"),
            "-CAcreateserial",
            "-days",
            days,
            "-extfile",
            extensions,
            "-out",
            File(name + ".crt")
        );
    }

    protected static async Task RunAsync(params string[] arguments)
    {
        var (code, output) = await Peer.RunAsync(Openssl[0], null, arguments);
        code.ShouldBe(0, output);
    }
}
