namespace DotMac.Contracts.Access;

/// <summary>What a login would be told now, with the right password, from its own line.</summary>
/// <param name="Code">Of the decision: <c>accepted</c>, <c>login.suspended</c> …</param>
public sealed record LoginAnswer(bool IsAccepted, string Code, string Explanation);

/// <summary>Asks the same decision that answers Access-Requests, without one; it reads what is committed.</summary>
public interface ILoginProof
{
    /// <summary>Null: there is no such login.</summary>
    Task<LoginAnswer?> AskAsync(Guid subscriberId, CancellationToken ct);
}
