using System.CommandLine;
using System.Globalization;
using DotMac.Bench;
using DotMac.Bench.Servers;

if (args is ["sign", var port])
{
    return EmptySigner.Run(int.Parse(port, CultureInfo.InvariantCulture));
}

var users = new Option<int>("--users") { Description = "Subscribers in every server.", DefaultValueFactory = _ => 10_000 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of each round.", DefaultValueFactory = _ => 5 };
var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, in turn.", DefaultValueFactory = _ => 3 };
var warmUp = new Option<int>("--warm-up") { Description = "Seconds before the first round, not measured.", DefaultValueFactory = _ => 3 };
var inFlight = new Option<int>("--inflight") { Description = "Requests under way at once.", DefaultValueFactory = _ => 64 };
var sockets = new Option<int>("--sockets") { Description = "Sockets of the driver, one thread each.", DefaultValueFactory = _ => 4 };
var rate = new Option<int>("--rate")
{
    Description = "Requests per second of the paced measurement; 0: none.",
    DefaultValueFactory = _ => 5_000,
};
var seed = new Option<int>("--seed") { Description = "Chooses the users' order.", DefaultValueFactory = _ => 4711 };
var firstPort = new Option<int>("--port") { Description = "First of 40 ports on loopback.", DefaultValueFactory = _ => 27_000 };
var only = new Option<string[]>("--only")
{
    Description = $"Servers: {DotMacServer.Key}, {FreeRadius.SqlKey}, {FreeRadius.FilesKey}, {EmptySigner.Key} (all by default).",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var noAccounting = new Option<bool>("--no-accounting") { Description = "Access-Requests alone." };
var grow = new Option<int[]>("--grow")
{
    Description = "Measure dotmac alone with each of these numbers of users, e.g. 1000 1000000.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [],
};
var lives = new Option<int>("--lives")
{
    Description = "Measure Start, Interim-Updates and Stop of so many sessions through dotmac alone, e.g. 60000.",
};
var provision = new Option<int>("--provision")
{
    Description = "Measure so many provision runs, activations and allocations through dotmac alone, e.g. 1000.",
};
var executable = new Option<string>("--executable") { Description = "The published dotmac.", Required = true };
var results = new Option<string>("--results") { Description = "Folder of the JSON results.", Required = true };
only.AcceptOnlyFromAmong(DotMacServer.Key, FreeRadius.SqlKey, FreeRadius.FilesKey, EmptySigner.Key);

var command = new RootCommand("Measures Access-Requests and accounting records per second of dotmac and FreeRADIUS, side by side.")
{
    users,
    seconds,
    rounds,
    warmUp,
    inFlight,
    sockets,
    rate,
    seed,
    firstPort,
    only,
    noAccounting,
    grow,
    lives,
    provision,
    executable,
    results,
};
command.SetAction(
    (parsed, ct) =>
        Run.StartAsync(
            new BenchOptions
            {
                Users = parsed.GetValue(users),
                Seconds = parsed.GetValue(seconds),
                Rounds = parsed.GetValue(rounds),
                WarmUpSeconds = parsed.GetValue(warmUp),
                InFlight = parsed.GetValue(inFlight),
                Sockets = parsed.GetValue(sockets),
                Rate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
                Port = parsed.GetValue(firstPort),
                Only = parsed.GetValue(only)!,
                Accounting = !parsed.GetValue(noAccounting),
                Grow = parsed.GetValue(grow)!,
                Lives = parsed.GetValue(lives),
                Provision = parsed.GetValue(provision),
                Executable = Path.GetFullPath(parsed.GetValue(executable)!),
                Results = parsed.GetValue(results)!,
            },
            ct
        )
);
return await command.Parse(args).InvokeAsync();
