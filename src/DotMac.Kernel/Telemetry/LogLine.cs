using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DotMac.Kernel.Telemetry;

/// <summary>What both log formats need of a record: its message, and the ids that tie it to a request and a tenant.</summary>
internal readonly struct LogLine
{
    private LogLine(string message, string? tenant, string? requestId, string? traceId, List<KeyValuePair<string, object?>> fields)
    {
        Message = message;
        Tenant = tenant;
        RequestId = requestId;
        TraceId = traceId;
        Fields = fields;
    }

    public string Message { get; }
    public string? Tenant { get; }
    public string? RequestId { get; }
    public string? TraceId { get; }

    /// <summary>The template's values and the scopes' other values.</summary>
    public List<KeyValuePair<string, object?>> Fields { get; }

    public static LogLine Of<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes)
    {
        var found = new Found();
        scopes?.ForEachScope(static (scope, found) => found.Take(scope), found);
        found.Take(entry.State);
        var message = entry.Formatter?.Invoke(entry.State, entry.Exception) ?? entry.State?.ToString() ?? "";
        return new LogLine(message, found.Tenant, found.RequestId, Activity.Current?.TraceId.ToString(), found.Fields);
    }

    private sealed class Found
    {
        public string? Tenant { get; private set; }
        public string? RequestId { get; private set; }
        public List<KeyValuePair<string, object?>> Fields { get; } = [];

        public void Take(object? state)
        {
            if (state is not IEnumerable<KeyValuePair<string, object?>> pairs)
            {
                return;
            }

            foreach (var pair in pairs)
            {
                switch (pair.Key)
                {
                    case "{OriginalFormat}" or "SpanId" or "TraceId" or "ParentId" or "ConnectionId" or "RequestId" or "RequestPath":
                        break;
                    case "tenant" or "Tenant":
                        Tenant = pair.Value?.ToString() ?? Tenant;
                        break;
                    case "request_id":
                        RequestId = pair.Value?.ToString();
                        break;
                    default:
                        Fields.Add(pair);
                        break;
                }
            }
        }
    }
}
