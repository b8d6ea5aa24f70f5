namespace DotMac.Contracts.Access;

/// <summary>Why a line is suspended. A line is restored only when none is left. Stored as its number: numbers are only ever added.</summary>
public enum SuspensionReason : short
{
    /// <summary>An invoice is overdue (postpaid).</summary>
    NonPayment = 0,

    Fraud = 1,

    /// <summary>Somebody of the staff decided so.</summary>
    Administrative = 2,

    /// <summary>The volume is used up.</summary>
    Quota = 3,

    /// <summary>The customer asked for a pause.</summary>
    Vacation = 4,

    /// <summary>The balance is used up (prepaid).</summary>
    Prepaid = 5,

    /// <summary>The line harms others: spam, attacks.</summary>
    Abuse = 6,
}

/// <summary>What holds a suspension back. Stored as its number: numbers are only ever added.</summary>
public enum ShieldKind : short
{
    /// <summary>Some days more to pay.</summary>
    Grace = 0,

    /// <summary>Instalments were agreed.</summary>
    PaymentArrangement = 1,

    /// <summary>A proof of payment is being looked at.</summary>
    PaymentProof = 2,

    /// <summary>The service was extended, as compensation for example.</summary>
    ServiceExtension = 3,

    /// <summary>The line itself is out: nobody is suspended for not paying what does not work.</summary>
    Outage = 4,

    /// <summary>By contract this service is never suspended by a machine.</summary>
    DedicatedService = 5,

    /// <summary>What speaks for a suspension is unclear.</summary>
    Quarantine = 6,
}
