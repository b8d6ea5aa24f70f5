using System.Diagnostics;
using System.Globalization;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A host with the limit on rejects as it is shipped (the other tests reject too often for it).</summary>
public sealed class StormFixture : RadiusFixture
{
    protected override IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>();
}

/// <summary>One CPE with a wrong password that asks as fast as it can, beside people who just sign on.</summary>
public sealed class RejectStormTests(StormFixture host) : IClassFixture<StormFixture>
{
    private const int Seconds = 4;
    private const int PerSecond = 250;

    [Fact]
    public async Task A_storm_of_one_is_dropped_and_nobody_else_feels_it()
    {
        var nas = await host.NasAsync();
        var confused = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var honest = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var begun = Stopwatch.StartNew();
        var storm = StormAsync(nas, confused.Username);
        var waits = new List<TimeSpan>();
        while (!storm.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            (await nas.AccessAsync(honest.Username, honest.Password, ("Calling-Station-Id", "honest"))).Code.ShouldBe(
                PacketCode.AccessAccept
            );
            waits.Add(Stopwatch.GetElapsedTime(start));
            await Task.Delay(40);
        }

        var answered = await storm;
        var lasted = begun.Elapsed;
        waits.Count.ShouldBeGreaterThan(10);
        waits.Order().ElementAt(waits.Count / 2).ShouldBeLessThan(TimeSpan.FromMilliseconds(700), "a reject in a storm waits a second");
        answered.ShouldBeInRange(
            10,
            40 + (30 * (1 + (int)lasted.TotalMinutes)) + (6 * (int)lasted.TotalSeconds),
            $"of {Seconds * PerSecond}: thirty at once, then five in a second at most, each after a second"
        );
        (await host.MetricAsync("radius_rejects_limited_total", ("how", "dropped"))).ShouldBeGreaterThan(Seconds * PerSecond / 2);
        (await host.MetricAsync("radius_rejects_limited_total", ("how", "delayed"))).ShouldBeGreaterThan(0);
        await Task.Delay(1_500);
        (
            await host.Database.ScalarAsync<long>("SELECT count(*) FROM radpostauth WHERE username = @Username", new { confused.Username })
        ).ShouldBeInRange(1, 60 * (1 + (int)lasted.TotalMinutes), "few of them are noted");

        // The password is mended: an accept ends it at once.
        await Eventually.IsTrueAsync(
            async () =>
                (await nas.AccessAsync(confused.Username, confused.Password, ("Calling-Station-Id", "confused"))).Code
                == PacketCode.AccessAccept,
            "whoever has the right password gets in"
        );
        (await nas.AccessAsync(confused.Username, confused.Password, ("Calling-Station-Id", "confused"))).Code.ShouldBe(
            PacketCode.AccessAccept
        );
    }

    /// <summary>How many of its requests were answered.</summary>
    private static async Task<int> StormAsync(TestNas nas, string username)
    {
        var sockets = Enumerable.Range(0, Seconds).Select(_ => nas.Open()).ToList();
        for (var second = 0; second < Seconds; second++)
        {
            for (var i = 0; i < PerSecond; i++)
            {
                var request = new RequestBuilder(PacketCode.AccessRequest, (byte)i)
                    .WithMessageAuthenticator()
                    .Add("User-Name", username)
                    .Add("Calling-Station-Id", "confused")
                    .UserPassword(string.Create(CultureInfo.InvariantCulture, $"wrong-{i}"));
                await sockets[second].SendAsync(request.Build(nas.SecretBytes));
                await Task.Delay(TimeSpan.FromMilliseconds(i % 4 == 0 ? 12 : 1));
            }
        }

        var answered = 0;
        foreach (var socket in sockets)
        {
            while (await socket.ReceiveAsync(1.2) is { } reply)
            {
                ((PacketCode)reply[0]).ShouldBe(PacketCode.AccessReject);
                answered++;
            }

            socket.Dispose();
        }

        return answered;
    }
}
