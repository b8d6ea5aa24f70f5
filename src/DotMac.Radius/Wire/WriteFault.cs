namespace DotMac.Radius.Wire;

/// <summary>Why a packet under construction cannot be sent. The first fault stays.</summary>
public enum WriteFault : byte
{
    None = 0,

    /// <summary>The packet would pass 4096 octets, or the given buffer.</summary>
    PacketFull,

    /// <summary>A value is longer than its attribute can hold (253 octets; 247 in a vendor attribute; 252 with a tag).</summary>
    ValueTooLong,

    /// <summary>A value is not of the kind the attribute asks for, or a tag is above 31.</summary>
    ValueInvalid,

    /// <summary>A second Message-Authenticator was asked for.</summary>
    SecondMessageAuthenticator,
}
