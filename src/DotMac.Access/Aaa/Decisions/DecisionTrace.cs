using System.Globalization;
using System.Text.Json;
using DotMac.Access.Aaa.Snapshot;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>One rule of the decision and how it went.</summary>
/// <param name="Rule">request, method, login, password, state, line or sessions; they are asked in this order.</param>
/// <param name="Result">passed, failed or not_reached.</param>
/// <param name="Data">What it looked at, as far as that is kept.</param>
public sealed record TracedRule(string Rule, string Result, string Question, IReadOnlyDictionary<string, string> Data);

/// <summary>Lays out a stored decision as the rules it went through.</summary>
internal static class DecisionTrace
{
    private static readonly (string Rule, string Question)[] Rules =
    [
        ("request", "Did the request name a user?"),
        ("method", "Did it prove itself in a way that is answered?"),
        ("login", "Has a subscriber of this tenant that username?"),
        ("password", "Was the password the subscriber's?"),
        ("state", "May the subscriber sign on: enabled, not suspended?"),
        ("line", "Did it come from the subscriber's line (Option 82)?"),
        ("sessions", "Were fewer sessions running than the subscriber may have?"),
    ];

    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    /// <param name="today">The login as it is now, to tell a change since then.</param>
    public static IReadOnlyList<TracedRule> Of(DecisionRow row, Login? today)
    {
        var failed = row.IsAccepted ? Rules.Length : Array.FindIndex(Rules, r => r.Rule == row.Verdict?.Rule);
        // A reject of a rule that this list does not know (the platform's own refusals): every rule before it was passed as far as is known.
        failed = failed < 0 ? Rules.Length : failed;
        return
        [
            .. Rules.Select(
                (r, i) =>
                    new TracedRule(
                        r.Rule,
                        i < failed ? "passed"
                            : i == failed ? "failed"
                            : "not_reached",
                        r.Question,
                        i <= failed ? DataOf(r.Rule, row, today) : Nothing
                    )
            ),
        ];
    }

    private static Dictionary<string, string> DataOf(string rule, DecisionRow row, Login? today)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (rule)
        {
            case "request":
                Add("username", row.Username.Length == 0 ? null : row.Username);
                Add("calling_station_id", row.CallingStationId);
                Add("called_station_id", row.CalledStationId);
                Add("nas", row.Shortname);
                break;
            case "method":
                Add("method", DecisionCodes.MethodWord((AuthMethod)row.Method));
                break;
            case "login":
                Add("subscriber_id", row.SubscriberId?.ToString());
                Add("version", row.LoginVersion?.ToString(CultureInfo.InvariantCulture));
                Add("version_today", row.SubscriberId is null ? null : today?.Version.ToString(CultureInfo.InvariantCulture));
                break;
            case "state":
                Add("let_into", row.CodeText == Verdict.AcceptIntoGarden.Code ? "walled_garden" : null);
                break;
            case "line":
                Add("circuit_id", row.CircuitId);
                Add("remote_id", row.RemoteId);
                AddKept("policy", "expected_circuit_id", "expected_remote_id");
                break;
            case "sessions":
                AddKept("limit", "running");
                break;
        }

        return data;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                data[name] = value;
            }
        }

        void AddKept(params string[] names)
        {
            if (DecisionData.Read(row.Data) is not { ValueKind: JsonValueKind.Object } kept)
            {
                return;
            }

            foreach (var name in names)
            {
                Add(name, kept.TryGetProperty(name, out var value) ? value.ToString() : null);
            }
        }
    }
}
