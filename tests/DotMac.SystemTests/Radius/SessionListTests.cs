using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>The list of sessions while the network lives.</summary>
public sealed class SessionListTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private const int Sessions = 10_000;

    [Fact]
    public async Task Ten_thousand_sessions_are_each_listed_once_while_others_come_and_go()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var load = new AccountingLoad(nas, user.Username);
        await load.BeginAsync(Sessions, CancellationToken.None);
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE nas_id = @Id", new { nas.Id }) == Sessions,
            "all sessions are in radacct",
            TimeSpan.FromSeconds(60)
        );
        var all = load.Ledger.Keys.ToList();
        var (stopping, changing) = (all.Where((_, i) => i % 50 == 0).ToHashSet(), all.Where((_, i) => i % 50 == 1).ToList());

        using var stop = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            foreach (var (gone, changed) in stopping.Zip(changing).TakeWhile(_ => !stop.IsCancellationRequested))
            {
                await load.ContinueAsync(gone, 4);
                await load.ContinueAsync(changed, 2);
                await load.BeginAsync(1, CancellationToken.None);
            }
        });
        var seen = new List<(string Id, string Session)>();
        string? cursor = null;
        do
        {
            var page = await host.Admin.GetAsync(
                $"/api/v1/radius/sessions?limit=500&nas_id={nas.Id}" + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))
            );
            page.ShouldHave(HttpStatusCode.OK);
            seen.AddRange(
                page["items"]
                    .EnumerateArray()
                    .Select(s => (s.GetProperty("id").GetString()!, s.GetProperty("acct_session_id").GetString()!))
            );
            cursor = page["next_cursor"].GetString();
        } while (cursor is not null);

        await stop.CancelAsync();
        await busy;
        seen.Select(s => s.Id).Distinct().Count().ShouldBe(seen.Count, "a session was listed twice");
        var listed = seen.Select(s => s.Session).ToHashSet();
        all.Where(s => !stopping.Contains(s) && !listed.Contains(s)).ShouldBeEmpty("sessions that lived all the time are all listed");
        var exact = await host.Admin.GetAsync($"/api/v1/radius/sessions?limit=1&count=true&nas_id={nas.Id}");
        exact["total"].GetInt64().ShouldBeInRange(Sessions - stopping.Count, Sessions + stopping.Count);
    }
}
