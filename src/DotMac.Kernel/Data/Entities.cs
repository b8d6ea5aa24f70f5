using System.Text;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>How the groups' DbContexts join the unit of work, name their columns and save.</summary>
public static class Entities
{
    private const string BeforeSave = "save";

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
            // Its own cost two trips for every save, whether anything can be refused or not.
            context.Database.AutoSavepointsEnabled = false;
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
    /// a unique or foreign-key violation into the error named beside its constraint. Nothing of a refused save is kept, and the transaction goes on.
    /// Anything else is a defect and is thrown.
    /// </summary>
    public static async Task<Error?> TrySaveAsync(
        this DbContext context,
        CancellationToken ct,
        Error? changed = null,
        params (string Constraint, Error Error)[] conflicts
    )
    {
        // Goes to the server together with the first statement of the save, and is left to the commit.
        var transaction = (NpgsqlTransaction)context.Database.CurrentTransaction!.GetDbTransaction();
        await transaction.SaveAsync(BeforeSave, ct);
        Error refusal;
        try
        {
            await context.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateConcurrencyException) when (changed is not null)
        {
            refusal = changed;
        }
        catch (DbUpdateException e)
            when (e.InnerException is PostgresException { ConstraintName: { } name } && Array.Exists(conflicts, c => c.Constraint == name))
        {
            refusal = Array.Find(conflicts, c => c.Constraint == name).Error;
        }

        await transaction.RollbackAsync(BeforeSave, ct);
        return refusal;
    }
}
