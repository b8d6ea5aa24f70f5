using DotMac.Kernel.Sagas;
using DotMac.TestWorker;

namespace DotMac.SystemTests.Sagas;

/// <summary>Few runs of a worker are in the database at the same time; what works there for minutes keeps nobody waiting.</summary>
public sealed class PlacesTests(SagaFixture host) : IClassFixture<SagaFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_takes_a_place_in_the_database_unless_it_takes_long(bool takesLong)
    {
        var busy = SagaDefinition.Of<ToyState>(
            $"busy-{takesLong}",
            1,
            Toy.Local("a") with
            {
                Timeout = TimeSpan.FromMinutes(2),
                TakesLong = takesLong,
            }
        );
        var options = new SagaOptions { InDatabaseAtOnce = 1, Poll = TimeSpan.FromMilliseconds(100) };
        await using var node = host.Node(options, Toy.V1, busy);
        await using var worker = await SagaFixture.WorkAsync(node);
        // It works for half a minute, inside its transaction.
        var first = await host.StartAsync(node, busy.Name, new ToyState { Faults = [new("a", "hang")] });
        await IsTakenAsync(first);
        var second = await host.StartAsync(node, "toy", new ToyState());
        if (takesLong)
        {
            await host.BecomesAsync(second, SagaStatus.Completed, seconds: 20);
        }
        else
        {
            await IsTakenAsync(second);
            await Task.Delay(TimeSpan.FromSeconds(2));
            (await host.StatusAsync(second)).ShouldBe(SagaStatus.Pending);
        }

        (await host.StatusAsync(first)).ShouldBe(SagaStatus.Pending, "it is still at work");
    }

    private Task IsTakenAsync(Guid run) =>
        Harness.Eventually.IsTrueAsync(
            () => host.Database.ScalarAsync<bool>("SELECT lease_token IS NOT NULL FROM saga_runs WHERE id = @run", new { run }),
            "a worker has it"
        );
}
