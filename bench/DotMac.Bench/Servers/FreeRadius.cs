using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Bench.Load;

namespace DotMac.Bench.Servers;

/// <summary>
/// FreeRADIUS 3 as packaged: its own defaults for threads (5 to 32), SQL connections (as many) and the time a reply is remembered; its own
/// schema and queries, with the post-auth log on, as its default site has it; its log off the way.
/// </summary>
internal static class FreeRadius
{
    public const string SqlKey = "freeradius-sql";
    public const string FilesKey = "freeradius-files";
    private const string Database = "freeradius";
    private const string Packaged = "/etc/freeradius/3.0";
    private const string Program = "/usr/sbin/freeradius";

    public static async Task<string> VersionAsync() => (await Workshop.RunAsync(Program, "-v")).Split('\n')[0].Split(',')[0];

    public static void MustBeInstalled()
    {
        if (!File.Exists(Program) || !File.Exists(Path.Combine(Packaged, "mods-config/sql/main/postgresql/schema.sql")))
        {
            throw new InvalidOperationException("FreeRADIUS is not installed: apt-get install freeradius freeradius-postgresql");
        }
    }

    public static async Task<Server> StartWithSqlAsync(Workshop workshop, PostgreSql postgres, BenchOptions options)
    {
        await FillAsync(postgres, options.Users);
        var modules = $$"""
            sql {
                dialect = "postgresql"
                driver = "rlm_sql_postgresql"
                server = "127.0.0.1"
                port = {{postgres.Port.ToString(CultureInfo.InvariantCulture)}}
                login = "{{PostgreSql.User}}"
                password = "{{PostgreSql.Password}}"
                radius_db = "{{Database}}"
                acct_table1 = "radacct"
                acct_table2 = "radacct"
                postauth_table = "radpostauth"
                authcheck_table = "radcheck"
                groupcheck_table = "radgroupcheck"
                authreply_table = "radreply"
                groupreply_table = "radgroupreply"
                usergroup_table = "radusergroup"
                client_table = "nas"
                group_attribute = "SQL-Group"
                read_groups = yes
                pool {
                    start = ${thread[pool].start_servers}
                    min = ${thread[pool].min_spare_servers}
                    max = ${thread[pool].max_servers}
                    spare = ${thread[pool].max_spare_servers}
                    uses = 0
                    retry_delay = 30
                    lifetime = 0
                    idle_timeout = 60
                }
                $INCLUDE {{Packaged}}/mods-config/sql/main/postgresql/queries.conf
            }
            """;
        var server = await StartAsync(workshop, SqlKey, "FreeRADIUS + SQL", options.Port + 10, modules, "sql", "sql");
        return server with
        {
            Acct = new IPEndPoint(IPAddress.Loopback, options.Port + 11),
            UsesDatabase = true,
            StoredAsync = () => postgres.CountAsync(Database, "SELECT count(*) FROM radacct"),
            LoggedAsync = () => postgres.CountAsync(Database, "SELECT count(*) FROM radpostauth"),
        };
    }

    public static async Task<Server> StartWithFilesAsync(Workshop workshop, BenchOptions options)
    {
        var users = new StringBuilder();
        for (var user = 0; user < options.Users; user++)
        {
            users.Append(
                CultureInfo.InvariantCulture,
                $"{Population.Username(user)} Cleartext-Password := \"{Population.Password(user)}\"\n"
                    + $"\tFramed-IP-Address = {Population.Address(user)}, Acct-Interim-Interval = {Population.InterimSeconds}, Mikrotik-Rate-Limit = \"{Population.MikrotikRateLimit}\"\n"
            );
        }

        var file = Path.Combine(workshop.Folder, "users");
        await File.WriteAllTextAsync(file, users.ToString());
        var modules = $$"""
            files {
                usersfile = {{file}}
            }
            """;
        return await StartAsync(workshop, FilesKey, "FreeRADIUS, users file", options.Port + 20, modules, "files", "");
    }

    private static async Task<Server> StartAsync(
        Workshop workshop,
        string key,
        string title,
        int port,
        string modules,
        string store,
        string log
    )
    {
        var folder = workshop.NewFolder(key);
        var configuration = $$"""
            prefix = /usr
            libdir = /usr/lib/freeradius
            logdir = {{folder}}
            confdir = {{folder}}
            modconfdir = {{Packaged}}/mods-config
            run_dir = {{folder}}
            pidfile = {{folder}}/pid
            max_request_time = 30
            cleanup_delay = 5
            max_requests = 16384
            hostname_lookups = no
            proxy_requests = no
            log {
                destination = stdout
                auth = no
            }
            security {
                max_attributes = 200
                reject_delay = 1
                status_server = yes
            }
            thread pool {
                start_servers = 5
                max_servers = 32
                min_spare_servers = 3
                max_spare_servers = 10
                max_requests_per_server = 0
                auto_limit_acct = no
            }
            client bench {
                ipaddr = 127.0.0.1
                secret = {{Population.Secret}}
            }
            modules {
                pap {
                }
                expr {
                }
                {{modules}}
            }
            policy {
                $INCLUDE {{Packaged}}/policy.d/accounting
            }
            server bench {
                listen {
                    type = auth
                    ipaddr = 127.0.0.1
                    port = {{port}}
                }
                listen {
                    type = acct
                    ipaddr = 127.0.0.1
                    port = {{port + 1}}
                }
                authorize {
                    {{store}}
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                }
                preacct {
                    acct_unique
                }
                accounting {
                    {{log}}
                }
                post-auth {
                    {{log}}
                }
            }
            """;
        await File.WriteAllTextAsync(Path.Combine(folder, "radiusd.conf"), configuration);
        var process = workshop.Start(key, Program, ["-f", "-l", "stdout", "-d", folder]);
        await workshop.WaitForAsync(key, process, "Ready to process requests", TimeSpan.FromMinutes(1));
        // FreeRADIUS 3.2.1 signs a reply with Message-Authenticator only to EAP.
        return new Server(key, title, new IPEndPoint(IPAddress.Loopback, port), null, process.Id, UsesDatabase: false, Signs: false);
    }

    private static async Task FillAsync(PostgreSql postgres, int users)
    {
        await postgres.ExecuteAsync("postgres", "CREATE DATABASE freeradius");
        await postgres.ExecuteAsync(
            Database,
            await File.ReadAllTextAsync(Path.Combine(Packaged, "mods-config/sql/main/postgresql/schema.sql"))
        );
        await using var connection = await postgres.OpenAsync(Database);
        await using (var check = await connection.BeginTextImportAsync("COPY radcheck (username, attribute, op, value) FROM STDIN"))
        {
            for (var user = 0; user < users; user++)
            {
                await check.WriteAsync($"{Population.Username(user)}\tCleartext-Password\t:=\t{Population.Password(user)}\n");
            }
        }

        await using (var reply = await connection.BeginTextImportAsync("COPY radreply (username, attribute, op, value) FROM STDIN"))
        {
            for (var user = 0; user < users; user++)
            {
                var name = Population.Username(user);
                await reply.WriteAsync($"{name}\tFramed-IP-Address\t=\t{Population.Address(user)}\n");
                await reply.WriteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{name}\tAcct-Interim-Interval\t=\t{Population.InterimSeconds}\n")
                );
                await reply.WriteAsync($"{name}\tMikrotik-Rate-Limit\t=\t{Population.MikrotikRateLimit}\n");
            }
        }

        await postgres.ExecuteAsync(Database, "ANALYZE");
    }
}
