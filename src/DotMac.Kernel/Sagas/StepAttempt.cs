using System.Diagnostics;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.Kernel.Sagas;

/// <summary>One attempt at doing or undoing a step: a scope, an action and a state of its own, so that nothing of a failure is left.</summary>
internal sealed class StepAttempt : IAsyncDisposable
{
    private readonly AsyncServiceScope scope;
    private readonly UnitOfWork part;
    private readonly StateShape shape;
    private readonly SagaStep plan;
    private readonly ILogger log;
    private readonly RunRecord run;
    private object? action;
    private object? state;

    public StepAttempt(AsyncServiceScope scope, UnitOfWork host, RunRecord run, Move move, StepRecord step, ILogger log)
    {
        this.scope = scope;
        this.run = run;
        this.log = log;
        Move = move;
        Step = step;
        plan = run.Definition.Steps[step.Seq];
        shape = StateShape.Of(run.Definition.State);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Starter(run);
        part = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        part.Join(host);
    }

    public Move Move { get; }
    public StepRecord Step { get; }
    public StepResult? Result { get; private set; }

    /// <summary>The state as the attempt left it; kept only when the step was done.</summary>
    public string? NewState { get; private set; }

    /// <summary>In seconds.</summary>
    public double Took { get; private set; }

    public static Caller Starter(RunRecord run) => Caller.System(run.TenantId, run.StartedBy) with { RequestId = $"run:{run.Id:N}" };

    /// <summary>Whether this attempt leaves the database; an exception here is the attempt's failure.</summary>
    public async Task<bool> CallsOutAsync(CancellationToken stop)
    {
        try
        {
            action = scope.ServiceProvider.GetRequiredService(plan.Action);
            state = shape.Read(run.State);
            return await shape.CallsOutAsync(action, state, stop);
        }
        catch (Exception e) when (!IsBeyondTheStep(e, stop))
        {
            Result = Fell(e);
            return false;
        }
    }

    /// <summary>Makes the attempt inside the transaction that it joined. Throws only when the transaction itself is lost.</summary>
    public async Task MakeInsideAsync(CancellationToken stop)
    {
        if (Result is null)
        {
            await MakeAsync(waits: false, stop);
        }

        if (part.Connection.FullState != System.Data.ConnectionState.Open)
        {
            throw new RunLostException("The connection to the database broke.");
        }
    }

    /// <summary>Lets go of the transaction before it is committed with the intent.</summary>
    public void GoOutside() => part.Leave(keep: true);

    /// <summary>Makes the attempt with no transaction open.</summary>
    public Task MakeOutsideAsync(CancellationToken stop) => MakeAsync(waits: true, stop);

    /// <summary>Gives what was noted and published to the transaction that the attempt joined.</summary>
    public void Keep() => part.Leave(keep: true);

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    private async Task MakeAsync(bool waits, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(plan.Timeout);
        try
        {
            var context = Context();
            var making =
                Move == Move.Do
                    ? shape.RunAsync(action!, state!, context, limit.Token)
                    : shape.UndoAsync(action!, state!, context, limit.Token);
            // One that calls out is not waited for beyond its time, whether it heeds the token or not; inside, its connection is ours.
            Result = waits ? await making.WaitAsync(plan.Timeout + TimeSpan.FromMilliseconds(250), stop) : await making;
            if (Move == Move.Do && Result is not StepResult.Failed)
            {
                NewState = SagaJson.Write(state);
            }
        }
        catch (Exception e) when (!IsBeyondTheStep(e, stop))
        {
            Result =
                e is OperationCanceledException or TimeoutException && limit.IsCancellationRequested
                    ? StepResult.Fail(
                        "run.step_timeout",
                        $"No answer within {plan.Timeout.TotalSeconds:0.#} s; what it did is not known.",
                        mayPass: true
                    )
                    : Fell(e);
        }
        finally
        {
            Took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static bool IsBeyondTheStep(Exception e, CancellationToken stop) =>
        e is OperationCanceledException && stop.IsCancellationRequested;

    private StepResult Fell(Exception e)
    {
        log.LogError(e, "Step {Step} of {Definition} {Run} threw", Step.Name, run.Definition.Name, run.Id);
        return StepResult.Fail("run.step_threw", e.Message, mayPass: true);
    }

    private StepContext Context()
    {
        var key = Move == Move.Do ? Step.DoKey(run.Id) : Step.UndoKey(run.Id);
        var attempt = Move == Move.Do ? Step.Attempts : Step.UndoAttempts;
        return new StepContext(run.Id, run.TenantId, run.SubjectId, Step.Name, key, attempt, run.StartedBy)
        {
            DoKey = Step.DoKey(run.Id),
            Failure = Move == Move.Undo && run.ErrorCode is { } code ? new RunFailure(run.ErrorStep, code, run.ErrorMessage ?? "") : null,
        };
    }
}

/// <summary>This worker cannot go on with the run, which is as it was last committed: another will.</summary>
internal class RunLostException(string message) : Exception(message);

/// <summary>Another worker has it: this one was slower than its lease.</summary>
internal sealed class LeaseLostException(string message) : RunLostException(message);
