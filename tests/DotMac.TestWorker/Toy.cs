using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DotMac.TestWorker;

/// <summary>What goes wrong in a toy saga: at this step, while doing or undoing, up to this attempt.</summary>
/// <param name="Kind">
/// <c>refuse</c> for good, <c>busy</c> may pass, <c>throw</c>, <c>hang</c> beyond the time-out, <c>lose</c> does it and then throws (an answer that got
/// lost), <c>kill</c> ends the process before the deed, <c>kill_after</c> behind it; these two once only. <c>die</c> ends it every time;
/// <c>stall</c> stops the whole process until another worker has the run, and lets it go on then.
/// </param>
public sealed record ToyFault(string Step, string Kind, int UpTo = 1, bool Undo = false);

public sealed record ToyState
{
    public List<ToyFault> Faults { get; init; } = [];

    /// <summary>What the steps wrote, in order: a failed attempt's is not kept.</summary>
    public List<string> Trace { get; init; } = [];

    /// <summary>Steps that this run has no need of, and such whose system is not there.</summary>
    public List<string> Skip { get; init; } = [];
    public List<string> Absent { get; init; } = [];
}

/// <summary>Sagas whose effects are rows of one table, so that they can be counted.</summary>
public static class Toy
{
    public const string Tables = """
        CREATE TABLE toy_effects (key text PRIMARY KEY, run_id uuid NOT NULL, step text NOT NULL, done boolean NOT NULL, undone boolean NOT NULL,
            calls int NOT NULL DEFAULT 1, undo_calls int NOT NULL DEFAULT 0);
        CREATE TABLE toy_kills (key text PRIMARY KEY);
        GRANT SELECT, INSERT, UPDATE ON toy_effects, toy_kills TO dotmac_app;
        """;

    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(20);

    public static SagaDefinition V1 { get; } =
        SagaDefinition.Of<ToyState>("toy", 1, Local("a"), Out("b"), Local("c"), Local("d"), Out("e"), Local("f"));

    /// <summary>As v1, with a step more.</summary>
    public static SagaDefinition V2 { get; } =
        SagaDefinition.Of<ToyState>("toy", 2, Local("a"), Out("b"), Local("c"), Local("d"), Out("e"), Local("f"), Local("g"));

    /// <summary>d and e may fail without harm.</summary>
    public static SagaDefinition Lenient { get; } =
        SagaDefinition.Of<ToyState>(
            "lenient",
            1,
            Local("a"),
            Out("b"),
            Local("c"),
            Local("d") with
            {
                IsRequired = false,
            },
            Out("e") with
            {
                IsRequired = false,
            },
            Local("f")
        );

    /// <summary>As v1, and a call is waited for as long as it takes.</summary>
    public static SagaDefinition Patient { get; } =
        SagaDefinition.Of<ToyState>("patient", 1, [.. V1.Steps.Select(s => s with { Timeout = TimeSpan.FromMinutes(2) })]);

    public static IServiceCollection AddToys(this IServiceCollection services, params SagaDefinition[] definitions)
    {
        foreach (var definition in definitions)
        {
            services.AddSaga(definition);
        }

        return services;
    }

    public static SagaStep Local(string name) =>
        SagaStep.Of<ToyLocal>(name, "toy") with
        {
            Backoff = Fast,
            Retries = 2,
            UndoRetries = 2,
            Timeout = TimeSpan.FromSeconds(2),
        };

    public static SagaStep Out(string name) =>
        SagaStep.Of<ToyOut>(name, "far toy") with
        {
            Backoff = Fast,
            Retries = 2,
            UndoRetries = 2,
            Timeout = TimeSpan.FromMilliseconds(1_200),
        };
}

/// <summary>Its effect is a row in the run's own transaction.</summary>
public sealed class ToyLocal(UnitOfWork work, Databases databases) : ToyAction(databases)
{
    protected override async Task<T> OnAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction?, Task<T>> act) =>
        await act(work.Connection, work.Transaction);
}

/// <summary>Its effect is a row in a transaction of its own, as if another machine kept it.</summary>
public sealed class ToyOut(Databases databases) : ToyAction(databases)
{
    public override ValueTask<bool> CallsOutAsync(ToyState state, CancellationToken ct) => ValueTask.FromResult(true);

    protected override async Task<T> OnAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction?, Task<T>> act)
    {
        await using var connection = await Databases.App.OpenConnectionAsync();
        return await act(connection, null);
    }
}

public abstract class ToyAction(Databases databases) : ISagaAction<ToyState>
{
    protected Databases Databases { get; } = databases;

    public virtual ValueTask<bool> CallsOutAsync(ToyState state, CancellationToken ct) => ValueTask.FromResult(false);

    public async Task<StepResult> RunAsync(ToyState state, StepContext step, CancellationToken ct)
    {
        if (state.Skip.Contains(step.Step))
        {
            return StepResult.Skip("No need of it.");
        }

        if (state.Absent.Contains(step.Step))
        {
            return StepResult.NoDriver("toy");
        }

        state.Trace.Add(step.Step);
        return await PlayAsync(
            Find(state, step, undo: false),
            step,
            // Undone for good: whoever is asked under the key again did not get a fresh one.
            """
            INSERT INTO toy_effects (key, run_id, step, done, undone) VALUES (@Key, @RunId, @Step, true, false)
            ON CONFLICT (key) DO UPDATE SET calls = toy_effects.calls + 1 RETURNING undone
            """,
            ct
        );
    }

    public Task<StepResult> UndoAsync(ToyState state, StepContext step, CancellationToken ct) =>
        PlayAsync(
            Find(state, step, undo: true),
            step,
            """
            INSERT INTO toy_effects (key, run_id, step, done, undone, calls, undo_calls) VALUES (@DoKey, @RunId, @Step, false, true, 0, 1)
            ON CONFLICT (key) DO UPDATE SET undone = true, undo_calls = toy_effects.undo_calls + 1 RETURNING false
            """,
            ct
        );

    protected abstract Task<T> OnAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction?, Task<T>> act);

    private async Task<StepResult> PlayAsync(ToyFault? fault, StepContext step, string sql, CancellationToken ct)
    {
        switch (fault?.Kind)
        {
            case "refuse":
                return StepResult.Fail("toy.refused", "It will never do that.");
            case "busy":
                return StepResult.Fail("toy.busy", "It is busy.", mayPass: true);
            case "throw":
                throw new InvalidOperationException("The toy broke.");
            case "hang":
                await Task.Delay(TimeSpan.FromSeconds(30), ct);
                break;
            case "kill":
                await KillOnceAsync(step);
                break;
            case "stall":
                NeverInTheTests();
                await StallAsync(step);
                break;
            case "die":
                NeverInTheTests();
                System.Diagnostics.Process.GetCurrentProcess().Kill();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
        }

        var refused = await OnAsync(
            (c, t) => c.ExecuteScalarAsync<bool>(new CommandDefinition(sql, step, t, cancellationToken: CancellationToken.None))
        );
        if (refused)
        {
            return StepResult.Fail("toy.undone_already", "This key was undone.");
        }

        switch (fault?.Kind)
        {
            case "lose":
                throw new IOException("The answer got lost.");
            case "kill_after":
                await KillOnceAsync(step);
                break;
        }

        return StepResult.Ok(new { step.Key });
    }

    private static void NeverInTheTests()
    {
        if (System.Reflection.Assembly.GetEntryAssembly() != typeof(Toy).Assembly)
        {
            throw new InvalidOperationException("This step ends its process, or stops it.");
        }
    }

    /// <summary>Nothing of this process runs, its renewals neither, for longer than a lease; again, as long as nobody else was there to take the run.</summary>
    private async Task StallAsync(StepContext step)
    {
        await using var connection = await Databases.Platform.OpenConnectionAsync();
        var token = await TokenAsync();
        do
        {
            using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", "kill -STOP $PPID; sleep 2.5; kill -CONT $PPID"]);
            await shell.WaitForExitAsync();
        } while (await TokenAsync() == token);

        Task<Guid?> TokenAsync() => connection.ExecuteScalarAsync<Guid?>("SELECT lease_token FROM saga_runs WHERE id = @RunId", step);
    }

    private async Task KillOnceAsync(StepContext step)
    {
        await using var connection = await Databases.App.OpenConnectionAsync();
        if (await connection.ExecuteAsync("INSERT INTO toy_kills VALUES (@Key) ON CONFLICT DO NOTHING", step) == 1)
        {
            System.Diagnostics.Process.GetCurrentProcess().Kill();
            await Task.Delay(Timeout.Infinite);
        }
    }

    private static ToyFault? Find(ToyState state, StepContext step, bool undo) =>
        state.Faults.Find(f =>
            f.Step == step.Step
            && f.Undo == undo
            && (step.Attempt <= f.UpTo || f.Kind is "die" || f.Kind.StartsWith("kill", StringComparison.Ordinal))
        );
}
