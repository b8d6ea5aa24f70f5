using DotMac.Access;
using DotMac.SystemTests.Harness;
using Microsoft.EntityFrameworkCore;

namespace DotMac.SystemTests.Access;

/// <summary>What EF Core believes about the tables against what PostgreSQL's catalogue says.</summary>
public sealed class EntityModelTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>Columns that the database keeps by itself.</summary>
    private static readonly string[] OfTheDatabase = ["subscribers.search"];

    private sealed record Column(string Name, string Type, bool Nullable);

    [Fact]
    public async Task The_entities_equal_the_catalogue()
    {
        await using var db = new AccessDb(new DbContextOptionsBuilder<AccessDb>().UseNpgsql(database.Owner).Options);
        var entities = db.Model.GetEntityTypes().ToList();
        entities.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var entity in entities)
        {
            var table = entity.GetTableName()!;
            var model = entity
                .GetProperties()
                .Select(p => new Column(p.GetColumnName(), p.GetColumnType(), p.IsNullable))
                .OrderBy(c => c.Name, StringComparer.Ordinal);
            var catalogue = await database.QueryAsync<Column>(
                """
                SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable
                FROM pg_attribute WHERE attrelid = @table::regclass AND attnum > 0 AND NOT attisdropped
                """,
                new { table }
            );
            model.ShouldBe(
                catalogue.Where(c => !OfTheDatabase.Contains($"{table}.{c.Name}")).OrderBy(c => c.Name, StringComparer.Ordinal),
                $"table {table}"
            );
            var key = await database.QueryAsync<string>(
                """
                SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                WHERE i.indrelid = @table::regclass AND i.indisprimary ORDER BY array_position(i.indkey, a.attnum)
                """,
                new { table }
            );
            entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName()).ShouldBe(key);
        }
    }
}
