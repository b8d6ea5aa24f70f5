using System.Data;
using Dapper;

namespace DotMac.Kernel.Data;

/// <summary>Lets Dapper read timestamptz into <see cref="DateTimeOffset"/>, always UTC.</summary>
internal sealed class UtcTimes : SqlMapper.TypeHandler<DateTimeOffset>
{
    public override DateTimeOffset Parse(object value) =>
        value switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            DateTimeOffset time => time,
            _ => throw new DataException($"{value.GetType()} is no time."),
        };

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
}
