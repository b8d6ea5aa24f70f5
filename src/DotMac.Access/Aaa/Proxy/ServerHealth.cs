namespace DotMac.Access.Aaa.Proxy;

internal enum ServerState : byte
{
    /// <summary>It answers, or nobody has asked it yet.</summary>
    Alive = 0,

    /// <summary>It was silent for a response window. Asked only when no server is alive, and probed with Status-Server.</summary>
    Zombie,

    /// <summary>It stayed silent. Asked no more until it answers probes.</summary>
    Dead,
}

/// <summary>
/// What is believed of one upstream server (RFC 5080 §2.2.1, RFC 3539 §3.4 in spirit): silence over one response window makes it a zombie, ten
/// more seconds dead; any answer revives a zombie, three answers to Status-Server in a row a dead one. A server without Status-Server is
/// tried again after a minute. A pure state machine: times are milliseconds of one monotonic clock. Not thread-safe.
/// </summary>
internal sealed class ServerHealth(bool hasStatusServer)
{
    public const int ZombieMs = 10_000;
    public const int ReviveMs = 60_000;
    public const int ProbesToLife = 3;
    private const int ProbeZombieMs = 1_000;
    private const int ProbeDeadMs = 2_000;

    private long changedAt;
    private long heardAt = long.MinValue;
    private long probedAt = long.MinValue;
    private int probesAnswered;

    public ServerState State { get; private set; }

    /// <summary>Bumped with every change of state, so that a watcher sees them all.</summary>
    public int Changes { get; private set; }

    /// <summary>A request stayed unanswered for a response window. Others answered since it was sent speak for the server.</summary>
    public void Unanswered(long sentAt, long now)
    {
        if (State == ServerState.Alive && heardAt < sentAt)
        {
            Become(ServerState.Zombie, now);
        }
    }

    /// <summary>Its host says that nobody listens there (ICMP port unreachable).</summary>
    public void Refused(long now)
    {
        if (State == ServerState.Alive)
        {
            Become(ServerState.Zombie, now);
        }

        probesAnswered = 0;
    }

    /// <summary>A valid answer came.</summary>
    public void Heard(long now, bool toProbe)
    {
        heardAt = now;
        if (State == ServerState.Zombie || (State == ServerState.Dead && (!toProbe || ++probesAnswered >= ProbesToLife)))
        {
            Become(ServerState.Alive, now);
        }
    }

    /// <summary>Lets time do its work; true when a Status-Server is to be sent now.</summary>
    public bool Tick(long now)
    {
        if (State == ServerState.Zombie && now - changedAt >= ZombieMs)
        {
            Become(ServerState.Dead, now);
        }

        if (State == ServerState.Alive)
        {
            return false;
        }

        if (!hasStatusServer)
        {
            if (State == ServerState.Dead && now - changedAt >= ReviveMs)
            {
                Become(ServerState.Alive, now);
            }

            return false;
        }

        if (probedAt != long.MinValue && now - probedAt < (State == ServerState.Zombie ? ProbeZombieMs : ProbeDeadMs))
        {
            return false;
        }

        if (probedAt != long.MinValue && heardAt < probedAt)
        {
            // "In a row": the probe before this one was lost.
            probesAnswered = 0;
        }

        probedAt = now;
        return true;
    }

    private void Become(ServerState state, long now)
    {
        State = state;
        changedAt = now;
        probesAnswered = 0;
        probedAt = state == ServerState.Alive ? long.MinValue : probedAt;
        Changes++;
    }
}
