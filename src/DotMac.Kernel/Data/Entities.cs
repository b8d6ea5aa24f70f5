using System.Text;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>How the groups' DbContexts join the unit of work, name their columns and save.</summary>
public static class Entities
{
    /// <summary>Registers a DbContext that lives inside the scope's <see cref="UnitOfWork"/>: same connection, same transaction, audited.</summary>
    public static IServiceCollection AddTenantContext<TContext>(
        this IServiceCollection services,
        Func<DbContextOptions<TContext>, TContext> create
    )
        where TContext : DbContext
    {
        // The same for all: what is looked up by options is looked up once.
        var options = new DbContextOptionsBuilder<TContext>().UseNpgsql().Options;
        return services.AddScoped(provider =>
        {
            var work = provider.GetRequiredService<UnitOfWork>();
            var audit = provider.GetRequiredService<AuditCapture>();
            var context = create(options);
            context.SavingChanges += (_, _) => audit.Capture(context.ChangeTracker);
            context.Database.SetDbConnection(work.Connection);
            context.Database.UseTransaction(work.Transaction);
            return context;
        });
    }

    /// <summary>Tables and columns are snake_case; enums are stored as their numbers, which only ever grow.</summary>
    public static void UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(
                    SnakeCase(property.GetColumnName(StoreObjectIdentifier.Table(entity.GetTableName()!)) ?? property.Name)
                );
            }
        }
    }

    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsUpper(c) && i > 0 && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>
    /// Saves, and turns the expected refusals of the database into named errors: a lost race into <paramref name="changed"/>,
    /// a unique or foreign-key violation into the error named beside its constraint. Anything else is a defect and is thrown.
    /// </summary>
    public static async Task<Error?> TrySaveAsync(
        this DbContext context,
        CancellationToken ct,
        Error? changed = null,
        params (string Constraint, Error Error)[] conflicts
    )
    {
        try
        {
            await context.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateConcurrencyException) when (changed is not null)
        {
            return changed;
        }
        catch (DbUpdateException e)
            when (e.InnerException is PostgresException { ConstraintName: { } name } && Array.Exists(conflicts, c => c.Constraint == name))
        {
            return Array.Find(conflicts, c => c.Constraint == name).Error;
        }
    }
}
