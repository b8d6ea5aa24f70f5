using System.Net.Sockets;
using DotMac.Canary.Two;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.EntityFrameworkCore;

// Planted on purpose: each of these breaks a rule of DotMac.Tests.Rules, which proves that the rule can fail.
namespace DotMac.Canary.One;

public sealed class VisibleEntity;

public sealed class VisibleContext : DbContext
{
    public DbSet<VisibleEntity> Entities => Set<VisibleEntity>();
}

public static class ForgottenUseCase
{
    [Requires("nothing.read")]
    public sealed record Command;

    public sealed class Handler : IHandle<Command, Done>
    {
        public Task<Result<Done>> Handle(Command command, CancellationToken ct) => Task.FromResult<Result<Done>>(Done.Instance);
    }
}

public static class OrderManager
{
    public static Task<int> Fetch() => Task.FromResult(1);
}

internal static class ReachesAcross
{
    public static int Now() => new Neighbour().Number;
}

internal static class ReachesAcrossLater
{
    public static async Task<int> LaterAsync()
    {
        await Task.Yield();
        var numbers = new[] { 1 }.Select(_ => new Neighbour().Number);
        return numbers.Sum();
    }
}

internal static class ForbiddenCalls
{
    public static async Task<object> AllAsync()
    {
        await Task.Yield();
        Thread.Sleep(0);
        using var client = new HttpClient();
        using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        var task = Task.FromResult(1);
        return (DateTime.Now, DateTimeOffset.UtcNow, task.Result, Environment.GetEnvironmentVariable("HOME"), client, socket);
    }
}

internal static class Songs
{
    public static readonly Error Sang = new(ErrorKind.Conflict, "canary.sang", "It sang.");

    public static Error Silent(string name) => Error.NotFound("canary.silent", $"{name} is silent.");
}
