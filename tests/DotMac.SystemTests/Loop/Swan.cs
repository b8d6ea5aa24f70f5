using System.Globalization;
using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>How a customer's router proves who it is to strongSwan, and what strongSwan makes of it for RADIUS.</summary>
public enum SwanLogin
{
    /// <summary>IKEv1 XAuth: User-Password (PAP).</summary>
    Pap,

    /// <summary>IKEv2 EAP-MD5, carried as EAP-Message.</summary>
    EapMd5,

    /// <summary>IKEv2 EAP-MSCHAPv2, carried as EAP-Message.</summary>
    EapMschapv2,
}

/// <summary>Where the NAS finds RADIUS, and the secret for both directions.</summary>
public sealed record RadiusDoor(IPAddress Address, int AuthPort, int AcctPort, string Secret);

/// <summary>
/// A real access network: strongSwan as the NAS (eap-radius with accounting and an RFC 5176 listener), a customer's router behind a cable,
/// and the service address 10.99.0.1 behind the NAS. ESP runs in user space over TUN, so that no kernel module is needed.
/// </summary>
public sealed class Swan : IAsyncDisposable
{
    public const string Service = "10.99.0.1";
    public const int DisconnectPort = 3799;
    private const string Edge = "10.98.0.1";
    private const string Group = "group-secret-of-all-routers";
    private const string Algorithms = "aes128-sha256-modp2048";

    private readonly Machine nas;
    private readonly Machine customer;
    private readonly string customerFolder = Workspace.NewFolder("customer");

    private Swan(Machine nas, Machine customer, IPAddress here, IPAddress address)
    {
        this.nas = nas;
        this.customer = customer;
        Here = here;
        Address = address;
    }

    /// <summary>This machine as the NAS sees it.</summary>
    public IPAddress Here { get; }

    /// <summary>The NAS as this machine sees it: where its packets come from. It calls itself 10.98.0.1 (NAS-IP-Address).</summary>
    public IPAddress Address { get; }

    public static async Task<Swan> CableAsync()
    {
        var nas = await Machine.StartAsync("nas");
        var customer = await Machine.StartAsync("customer");
        var (here, there) = await nas.CableToHereAsync();
        await nas.CableAsync("eth1", Edge + "/30", customer, "eth0", "10.98.0.2/30");
        await nas.MustAsync("ip", "addr", "add", Service + "/32", "dev", "lo");
        await customer.MustAsync("ip", "route", "add", "default", "via", Edge);
        foreach (var machine in new[] { nas, customer })
        {
            await TunAsync(machine);
        }

        return new Swan(nas, customer, here, there);
    }

    /// <summary>Starts the NAS's and the router's charon.</summary>
    public async Task StartAsync(RadiusDoor door)
    {
        var folder = Workspace.NewFolder("nas");
        var certificates = new TestCertificates("nas.example.net");
        await certificates.WriteAuthorityAsync(Path.Combine(folder, "x509ca", "ca.pem"));
        await certificates.WriteAuthorityAsync(Path.Combine(customerFolder, "x509ca", "ca.pem"));
        await certificates.WriteServerAsync(Path.Combine(folder, "x509", "nas.pem"), Path.Combine(folder, "rsa", "nas.pem"));
        await File.WriteAllTextAsync(Path.Combine(folder, "swanctl.conf"), NasConnections);
        await CharonAsync(nas, folder, "eap-radius", NasPlugin(door));
        await CharonAsync(customer, customerFolder, "", "");
        await LoadAsync(nas, folder);
    }

    /// <summary>Dials; answers whether the tunnel came up (at both ends), and what the router logged.</summary>
    public async Task<(bool IsUp, string Log)> DialAsync(SwanLogin login, string username, string password)
    {
        await File.WriteAllTextAsync(Path.Combine(customerFolder, "swanctl.conf"), CustomerConnections(login, username, password));
        await LoadAsync(customer, customerFolder);
        var (code, output) = await customer.RunAsync("swanctl", "--initiate", "--child", "net", "--timeout", "20");
        if (code == 0)
        {
            await Eventually.IsTrueAsync(
                async () => (await nas.MustAsync("swanctl", "--list-sas")).Contains("INSTALLED", StringComparison.Ordinal),
                "the NAS has the tunnel too"
            );
        }

        return (code == 0, output);
    }

    /// <summary>Addresses (with their length) that the router has got from the NAS.</summary>
    public async Task<string[]> AddressesAsync() =>
        [
            .. (await customer.MustAsync("ip", "-4", "-o", "addr", "show", "dev", "ipsec0"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]),
        ];

    /// <summary>Sends echo requests of so many octets (IP header included) through the tunnel; answers how many came back.</summary>
    /// <param name="patienceSeconds">For how long the last answer is waited for.</param>
    public async Task<int> PingAsync(int count, int octets, int patienceSeconds = 1)
    {
        var (_, output) = await customer.RunAsync(
            "ping",
            ["-n", "-c", Text(count), "-i", "0.2", "-W", Text(patienceSeconds), "-s", Text(octets - 28), Service]
        );
        return output.Split('\n').Count(line => line.Contains("bytes from", StringComparison.Ordinal));
    }

    /// <summary>From now on the service takes echo requests in and says nothing: traffic in one direction.</summary>
    public Task MuteServiceAsync() => nas.MustAsync("sh", "-c", "echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all");

    public string Log() => nas.Log() + customer.Log();

    public async ValueTask DisposeAsync()
    {
        await customer.DisposeAsync();
        await nas.DisposeAsync();
    }

    /// <summary>Some machines have the driver and no node for it.</summary>
    private static async Task TunAsync(Machine machine)
    {
        if (!File.Exists("/dev/net/tun"))
        {
            await machine.MustAsync("mkdir", "-p", "/dev/net");
            await machine.MustAsync("mknod", "/dev/net/tun", "c", "10", "200");
        }
    }

    private static async Task CharonAsync(Machine machine, string folder, string plugin, string plugins)
    {
        var file = Path.Combine(folder, "strongswan.conf");
        await File.WriteAllTextAsync(file, Configuration(plugin, plugins));
        var charon = machine.Start("charon", [], ("STRONGSWAN_CONF", file));
        await charon.WaitForAsync(() => File.Exists(machine.Outside("/run/charon.vici")), "charon takes commands");
    }

    private static Task<string> LoadAsync(Machine machine, string folder) =>
        machine.MustAsync(
            "swanctl",
            "--load-all",
            "--clear",
            "--file",
            Path.Combine(folder, "swanctl.conf"),
            "--uri",
            "unix:///run/charon.vici"
        );

    private static string Configuration(string plugin, string plugins) =>
        $$"""
            charon {
                load = random nonce aes sha1 sha2 md5 hmac kdf pem pkcs1 pkcs8 x509 pubkey constraints openssl curve25519 gcm kernel-libipsec kernel-netlink socket-default vici updown eap-identity eap-md5 eap-mschapv2 {{plugin}} xauth-generic resolve attr
                retransmit_timeout = 1
                retransmit_tries = 5
                filelog {
                    out {
                        path = stdout
                        default = 1
                        cfg = 2
                        flush_line = yes
                    }
                }
                plugins {
                    vici {
                        socket = unix:///run/charon.vici
                    }
                    {{plugins}}
                }
            }

            """;

    private string NasPlugin(RadiusDoor door) =>
        $$"""
            eap-radius {
                accounting = yes
                nas_identifier = strongswan
                servers {
                    primary {
                        address = {{door.Address}}
                        secret = {{door.Secret}}
                        auth_port = {{Text(door.AuthPort)}}
                        acct_port = {{Text(door.AcctPort)}}
                    }
                }
                dae {
                    enable = yes
                    listen = {{Address}}
                    port = {{Text(DisconnectPort)}}
                    secret = {{door.Secret}}
                }
            }
            """;

    private const string NasConnections = $$"""
        connections {
            xauth {
                version = 1
                local_addrs = {{Edge}}
                encap = yes
                pools = radius
                proposals = {{Algorithms}}
                local {
                    auth = psk
                }
                remote {
                    auth = psk
                }
                remote-xauth {
                    auth = xauth-radius
                }
                children {
                    net {
                        local_ts = {{Service}}/32
                        esp_proposals = aes128-sha256
                    }
                }
            }
            eap {
                version = 2
                local_addrs = {{Edge}}
                encap = yes
                pools = radius
                proposals = {{Algorithms}}
                send_cert = always
                local {
                    auth = pubkey
                    certs = nas.pem
                    id = nas.example.net
                }
                remote {
                    auth = eap-radius
                    eap_id = %any
                }
                children {
                    net {
                        local_ts = {{Service}}/32
                        esp_proposals = aes128-sha256
                    }
                }
            }
        }
        secrets {
            ike-all {
                secret = "{{Group}}"
            }
        }

        """;

    private static string CustomerConnections(SwanLogin login, string username, string password)
    {
        var round = login switch
        {
            SwanLogin.Pap => $$"""
                local {
                    auth = psk
                }
                remote {
                    auth = psk
                }
                local-xauth {
                    auth = xauth
                    xauth_id = {{username}}
                }
                """,
            _ => $$"""
                local {
                    auth = {{(login == SwanLogin.EapMd5 ? "eap-md5" : "eap-mschapv2")}}
                    eap_id = {{username}}
                }
                remote {
                    auth = pubkey
                    id = nas.example.net
                }
                """,
        };
        return $$"""
            connections {
                line {
                    version = {{(login == SwanLogin.Pap ? "1" : "2")}}
                    local_addrs = 10.98.0.2
                    remote_addrs = {{Edge}}
                    encap = yes
                    vips = 0.0.0.0
                    proposals = {{Algorithms}}
                    {{round}}
                    children {
                        net {
                            remote_ts = {{Service}}/32
                            esp_proposals = aes128-sha256
                        }
                    }
                }
            }
            secrets {
                ike-all {
                    secret = "{{Group}}"
                }
                eap-customer {
                    id = {{username}}
                    secret = "{{password}}"
                }
            }

            """;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
