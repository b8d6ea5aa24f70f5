using System.Globalization;
using System.Text.Json;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>One answer to an Access-Request and why.</summary>
/// <param name="Id">Names the row; opaque.</param>
/// <param name="Outcome">accept or reject.</param>
/// <param name="Code">The reason: accepted, password.wrong, login.disabled, …</param>
/// <param name="Rule">The step of the decision that led to it: request, method, login, password, state, line or sessions.</param>
/// <param name="Detail">The reason in a sentence.</param>
/// <param name="Username">As it was sent.</param>
/// <param name="CircuitId">Where the request came from (Option 82), when that was looked at.</param>
/// <param name="Data">What the rule compared, when it says more than the code.</param>
/// <param name="LoginVersion">Version of the subscriber when it was decided.</param>
/// <param name="ProfileVersion">Version of its bandwidth profile.</param>
public sealed record DecisionView(
    string Id,
    DateTimeOffset At,
    string Outcome,
    string Code,
    string? Rule,
    string? Detail,
    string Username,
    Guid? SubscriberId,
    DecisionNas? Nas,
    string Method,
    string? CallingStationId,
    string? CalledStationId,
    string? CircuitId,
    string? RemoteId,
    JsonElement? Data,
    int? LoginVersion,
    int? ProfileVersion
);

public sealed record DecisionNas(Guid Id, string Shortname);

/// <summary>A row of decisions with the names that its numbers stand for.</summary>
internal sealed record DecisionRow(
    DateTimeOffset At,
    short Writer,
    Guid? SubscriberId,
    string Username,
    Guid? NasId,
    string? Shortname,
    short? Vendor,
    int? LoginVersion,
    int? ProfileVersion,
    short Code,
    short Method,
    string? CallingStationId,
    string? CalledStationId,
    string? CircuitId,
    string? RemoteId,
    string? Data
)
{
    /// <summary>Around a query that gives rows of decisions as d.</summary>
    public const string Select = """
        SELECT d.at, d.writer, d.subscriber_id, coalesce(d.username, s.username, '') AS username, n.id AS nas_id, n.shortname, n.vendor,
            d.login_version, d.profile_version, d.code, d.method, d.callingstationid AS calling_station_id,
            d.calledstationid AS called_station_id, d.circuit_id, d.remote_id, d.data

        """;

    public const string Joins = """

        LEFT JOIN subscribers s ON s.id = d.subscriber_id LEFT JOIN nas n ON n.number = d.nas_number
        ORDER BY d.at DESC, d.writer DESC
        """;

    /// <summary>Microseconds since 1970 and the writer, in hex.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{(At - DateTimeOffset.UnixEpoch).Ticks / 10:x}-{Writer:x}");

    public string CodeText => DecisionData.CodeIn(Data) ?? DecisionCodes.Of(Code);

    public bool IsAccepted => DecisionCodes.IsAccepted(Code);

    /// <summary>The verdict of that code as it is worded today.</summary>
    public Verdict? Verdict => Aaa.Verdict.All.FirstOrDefault(v => v.Code == CodeText);

    public DecisionView ToView() =>
        new(
            Id,
            At,
            IsAccepted ? "accept" : "reject",
            CodeText,
            Verdict?.Rule,
            Verdict?.Explanation,
            Username,
            SubscriberId,
            NasId is { } nas ? new DecisionNas(nas, Shortname!) : null,
            DecisionCodes.MethodWord((AuthMethod)Method),
            CallingStationId,
            CalledStationId,
            CircuitId,
            RemoteId,
            DecisionData.Read(Data),
            LoginVersion,
            ProfileVersion
        );

    /// <summary>The time and writer that an id means, or null.</summary>
    public static (DateTimeOffset At, short Writer)? ReadId(string id) =>
        id.Split('-') is [var time, var writer]
        && long.TryParse(time, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var micros)
        && micros is > 0 and < 32_503_680_000_000_000
        && short.TryParse(writer, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? (DateTimeOffset.UnixEpoch.AddTicks(micros * 10), number)
            : null;
}
