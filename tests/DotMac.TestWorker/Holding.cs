using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.TestWorker;

/// <summary>
/// Turns a worker of the platform into one that does with a step of a subject's run what a row of <c>test_holds</c> says: <c>hold</c> fails and may
/// pass, <c>refuse</c> for good, <c>die</c> ends the process once before the deed, <c>die_after</c> behind it.
/// </summary>
public static class Holding
{
    public const string Tables = """
        CREATE TABLE test_holds (subject uuid NOT NULL, step text NOT NULL, undo boolean NOT NULL DEFAULT false, kind text NOT NULL,
            met int NOT NULL DEFAULT 0, PRIMARY KEY (subject, step, undo));
        GRANT SELECT, INSERT, UPDATE, DELETE ON test_holds TO dotmac_app;
        """;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SagaOptions { Lease = TimeSpan.FromSeconds(2), Poll = TimeSpan.FromMilliseconds(100) });
        foreach (var known in services.Where(s => s.ServiceType == typeof(SagaDefinition)).ToList())
        {
            var definition = (SagaDefinition)known.ImplementationInstance!;
            services.Remove(known);
            services.AddSaga(definition with { Steps = [.. definition.Steps.Select(s => Held(s, definition.State))] });
        }
    }

    private static SagaStep Held(SagaStep step, Type state) =>
        step with
        {
            Action = typeof(HeldAction<,>).MakeGenericType(step.Action, state),
            Backoff = TimeSpan.FromMilliseconds(100),
            Retries = 1000,
        };
}

/// <summary>Looks at its row before the deed and behind it; the row is counted even when the process dies of it.</summary>
public sealed class HeldAction<TAction, TState>(TAction inner, Databases databases) : ISagaAction<TState>
    where TAction : class, ISagaAction<TState>
    where TState : class
{
    public ValueTask<bool> CallsOutAsync(TState state, CancellationToken ct) => inner.CallsOutAsync(state, ct);

    public Task<StepResult> RunAsync(TState state, StepContext step, CancellationToken ct) =>
        AroundAsync(step, undo: false, () => inner.RunAsync(state, step, ct));

    public Task<StepResult> UndoAsync(TState state, StepContext step, CancellationToken ct) =>
        AroundAsync(step, undo: true, () => inner.UndoAsync(state, step, ct));

    private async Task<StepResult> AroundAsync(StepContext step, bool undo, Func<Task<StepResult>> act)
    {
        var (kind, met) = await MeetAsync(step, undo);
        switch (kind)
        {
            case "hold":
                return StepResult.Fail("test.held", "The test holds it.", mayPass: true);
            case "refuse":
                return StepResult.Fail("test.refused", "The test refuses it.");
            case "die" when met == 1:
                await DieAsync();
                break;
        }

        var result = await act();
        if (kind is "die_after" && met == 1)
        {
            await DieAsync();
        }

        return result;
    }

    private async Task<(string? Kind, int Met)> MeetAsync(StepContext step, bool undo)
    {
        await using var connection = await databases.App.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<(string?, int)>(
            "UPDATE test_holds SET met = met + 1 WHERE subject = @SubjectId AND step = @Step AND undo = @undo RETURNING kind, met",
            new
            {
                step.SubjectId,
                step.Step,
                undo,
            }
        );
    }

    private static async Task DieAsync()
    {
        System.Diagnostics.Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.Infinite);
    }
}
