using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>
/// The one way to call somebody else's server over HTTP: guarded, with a time limit, again after what may pass, and not at all while it is ill.
/// </summary>
/// <remarks>
/// Never throws for what the other side does: see <see cref="OutgoingAnswer"/>. Ask with no transaction open. A redirect is an answer, not
/// followed. <b>Source:</b> RFC 9110 §9.2.2 (idempotent methods), §10.2.3 (Retry-After).
/// </remarks>
public sealed class OutgoingClient(IHttpClientFactory clients, OutgoingOptions options, TimeProvider clock, ILogger<OutgoingClient> log)
{
    private static readonly ResiliencePropertyKey<OutgoingCall> CallKey = new("call");
    private readonly ConcurrentDictionary<(string Service, Guid Tenant, string Server), Circuit> circuits = new();
    private readonly ConcurrentDictionary<int, ResiliencePipeline<OutgoingAnswer>> pipelines = new();

    public async Task<OutgoingAnswer> SendAsync(OutgoingCall call, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        using var activity = KernelTelemetry.Source.StartActivity($"{call.Service} {call.Operation}", ActivityKind.Client);
        var circuit = circuits.GetOrAdd(
            (call.Service, call.TenantId, call.Url.Authority),
            static (_, own) => new Circuit(own.options, own.clock),
            (options, clock)
        );
        var sent = 0;
        OutgoingAnswer answer;
        using var budget = new CancellationTokenSource(call.Budget, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, budget.Token);
        var context = ResilienceContextPool.Shared.Get(both.Token);
        context.Properties.Set(CallKey, call);
        OutgoingAnswer? last = null;
        try
        {
            answer = await Pipeline(call.MayRepeat ? call.Attempts : 1)
                .ExecuteAsync(c => new ValueTask<OutgoingAnswer>(OnceAsync(c.CancellationToken)), context);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            answer = last is { IsSuccess: false } ? last : OutgoingAnswer.Nothing(OutgoingOutcome.TimedOut, Late(call, call.Budget));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        answer = answer with { Attempts = sent };
        var took = Stopwatch.GetElapsedTime(start);
        OutgoingMetrics.Ended(call, answer, took);
        Tell(call, answer, took);
        activity?.SetTag("outcome", answer.Outcome.ToString());
        return answer;

        async Task<OutgoingAnswer> OnceAsync(CancellationToken token)
        {
            var wait = circuit.Enter();
            if (wait > TimeSpan.Zero && !call.IsTest)
            {
                return last
                    ?? OutgoingAnswer.Nothing(
                        OutgoingOutcome.CircuitOpen,
                        $"{call.Url.Host} failed too often; it is asked again in {Math.Ceiling(wait.TotalSeconds)} s.",
                        wait
                    );
            }

            OutgoingAnswer? now = null;
            sent++;
            try
            {
                return last = now = await Attempt.SendAsync(clients.CreateClient(OutgoingRegistration.ClientName), call, clock, token);
            }
            finally
            {
                if (circuit.Leave(now?.SpeaksIllOfServer))
                {
                    OutgoingMetrics.CircuitOpened(call);
                    log.LogWarning(
                        "{Service} of tenant {Tenant} failed too often and is spared: {Host}",
                        call.Service,
                        call.TenantId,
                        call.Url.Host
                    );
                }
            }
        }
    }

    internal static string Late(OutgoingCall call, TimeSpan limit) => $"{call.Url.Host} did not answer within {limit.TotalSeconds:0.#} s.";

    private ResiliencePipeline<OutgoingAnswer> Pipeline(int attempts) =>
        attempts <= 1
            ? ResiliencePipeline<OutgoingAnswer>.Empty
            : pipelines.GetOrAdd(
                attempts,
                n =>
                    new ResiliencePipelineBuilder<OutgoingAnswer> { TimeProvider = clock }
                        .AddRetry(Retries(n))
                        .Build()
            );

    private RetryStrategyOptions<OutgoingAnswer> Retries(int attempts) =>
        new()
        {
            MaxRetryAttempts = attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.FirstWait,
            MaxDelay = options.LongestWait,
            ShouldHandle = args =>
                ValueTask.FromResult(
                    args.Outcome.Result is { MayPass: true } answer && (answer.RetryAfter ?? default) <= options.LongestWait
                ),
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
            OnRetry = args =>
            {
                OutgoingMetrics.Repeated(args.Context.Properties.GetValue(CallKey, null!));
                return default;
            },
        };

    private void Tell(OutgoingCall call, OutgoingAnswer answer, TimeSpan took) =>
        log.Log(
            answer.IsSuccess ? LogLevel.Information : LogLevel.Warning,
            "{Service} {Operation} {Outcome} {Status} {Milliseconds:0} ms {Attempts} attempts tenant {Tenant} {Host} {Problem}",
            call.Service,
            call.Operation,
            answer.Outcome,
            answer.Status,
            took.TotalMilliseconds,
            answer.Attempts,
            call.TenantId,
            call.Url.Host,
            answer.Problem
        );
}
