namespace DotMac.Access.Aaa;

/// <summary>Why an Access-Request was accepted or rejected. The codes are stable: they are stored, shown and counted.</summary>
/// <param name="Rule">The step of the decision that led to it: request, method, login, password, state, line, sessions or upstream.</param>
internal sealed record Verdict(bool Accepted, string Code, string Rule, string Explanation)
{
    public static readonly Verdict Accept = new(true, "accepted", "sessions", "The login is known, enabled, and its password was right.");

    public static readonly Verdict AcceptIntoGarden = new(
        true,
        "accepted.walled_garden",
        "state",
        "The subscriber is suspended and was let into the walled garden."
    );

    public static readonly Verdict UsernameMissing = new(false, "username.missing", "request", "The request carried no User-Name.");

    public static readonly Verdict LoginUnknown = new(false, "login.unknown", "login", "No subscriber of this tenant has that username.");

    public static readonly Verdict LoginDisabled = new(false, "login.disabled", "state", "The subscriber is disabled.");

    public static readonly Verdict LoginSuspended = new(false, "login.suspended", "state", "The subscriber is suspended.");

    public static readonly Verdict LoginPending = new(
        false,
        "login.pending",
        "state",
        "The subscriber is still being provisioned: its last step has not been done."
    );

    public static readonly Verdict LoginTerminated = new(false, "login.terminated", "state", "The subscriber's service is over.");

    public static readonly Verdict LoginQuarantined = new(
        false,
        "login.quarantined",
        "state",
        "The subscriber is quarantined: it is kept away from the network."
    );

    public static readonly Verdict PasswordWrong = new(false, "password.wrong", "password", "The password was not the subscriber's.");

    public static readonly Verdict CredentialsMissing = new(
        false,
        "credentials.missing",
        "method",
        "The request carried no password of any kind."
    );

    public static readonly Verdict MethodUnsupported = new(
        false,
        "method.unsupported",
        "method",
        "The NAS asked with EAP, which this server does not answer itself."
    );

    public static readonly Verdict QuotaExhausted = new(false, "quota.exhausted", "state", "The subscriber's monthly volume is used up.");

    public static readonly Verdict LineMismatch = new(
        false,
        "option82.mismatch",
        "line",
        "The line that asked is not the subscriber's: its Circuit-Id or Remote-Id differs."
    );

    public static readonly Verdict LineMissing = new(
        false,
        "option82.missing",
        "line",
        "The request carried neither Circuit-Id nor Remote-Id, which the subscriber's policy demands."
    );

    public static readonly Verdict NasNotAllowed = new(
        false,
        "nas.not_allowed",
        "nas",
        "The subscriber's profile may be used at the NAS of certain groups only, and this NAS is in none of them."
    );

    public static readonly Verdict TooManySessions = new(
        false,
        "sessions.too_many",
        "sessions",
        "As many sessions as the subscriber may have at once are already running."
    );

    /// <summary>Every verdict, for the documentation and the console's words.</summary>
    public static IReadOnlyList<Verdict> All =>
        [
            Accept,
            UsernameMissing,
            LoginUnknown,
            LoginDisabled,
            PasswordWrong,
            CredentialsMissing,
            MethodUnsupported,
            TooManySessions,
            AcceptIntoGarden,
            LoginSuspended,
            LineMismatch,
            LineMissing,
            QuotaExhausted,
            .. Proxy.ProxiedVerdict.All,
            NasNotAllowed,
            MacLogin.Unknown,
            MacLogin.Mismatch,
            LoginPending,
            LoginTerminated,
            LoginQuarantined,
        ];

    /// <summary>The data that led to it; null when the code says it all.</summary>
    public VerdictData? Data { get; init; }
}

/// <summary>What was asked for and what was there. Only what the rule looked at is set.</summary>
internal sealed record VerdictData
{
    public string? ExpectedCircuitId { get; init; }
    public string? ActualCircuitId { get; init; }
    public string? ExpectedRemoteId { get; init; }
    public string? ActualRemoteId { get; init; }

    /// <summary>enforce, log or ignore.</summary>
    public string? Policy { get; init; }

    /// <summary>Sessions allowed at once, and how many others ran.</summary>
    public int? Limit { get; init; }
    public int? Running { get; init; }

    /// <summary>Its fields as "name=value" words; null when nothing is set.</summary>
    public string? Text
    {
        get
        {
            var words = new List<string>(4);
            Add("policy", Policy);
            Add("expected_circuit_id", ExpectedCircuitId);
            Add("actual_circuit_id", ActualCircuitId);
            Add("expected_remote_id", ExpectedRemoteId);
            Add("actual_remote_id", ActualRemoteId);
            Add("limit", Limit?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Add("running", Running?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return words.Count == 0 ? null : string.Join(' ', words);

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    words.Add($"{name}={value}");
                }
            }
        }
    }
}
