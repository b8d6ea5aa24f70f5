using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.UseCases;

/// <summary>One line of a group's table of contents: a use case, its handler and its routes.</summary>
/// <param name="Name">The file's name: <c>CreateNas</c>.</param>
/// <param name="Command">The command type that carries the permission.</param>
public sealed record UseCase(string Name, Type Command, Type Response, Type Handler, Action<IEndpointRouteBuilder> Map)
{
    /// <summary>Key under which the undecorated handlers are registered.</summary>
    internal const string Inner = "inner";

    public static UseCase Of<THandler>(Action<IEndpointRouteBuilder> map)
    {
        var role = typeof(THandler).GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IHandle<,>));
        var types = role.GetGenericArguments();
        return new UseCase(typeof(THandler).DeclaringType?.Name ?? typeof(THandler).Name, types[0], types[1], typeof(THandler), map);
    }

    /// <summary>The permission, or <c>signed-in</c>, or <c>public</c>.</summary>
    public string Access =>
        Command.GetCustomAttribute<RequiresAttribute>()?.Permission
        ?? (
            Command.IsDefined(typeof(SignedInAttribute)) ? "signed-in"
            : Command.IsDefined(typeof(PublicAttribute)) ? "public"
            : throw new InvalidOperationException($"{Name}: its command names no permission and is not public.")
        );
}

/// <summary>What every mapped endpoint carries, so that tests and the OpenAPI document can tell who may call it.</summary>
public sealed record UseCaseMetadata(string Name, string Access);

public static class UseCaseRegistration
{
    public static IServiceCollection AddUseCases(this IServiceCollection services, IEnumerable<UseCase> useCases)
    {
        foreach (var useCase in useCases)
        {
            var role = typeof(IHandle<,>).MakeGenericType(useCase.Command, useCase.Response);
            services.AddKeyedScoped(role, UseCase.Inner, useCase.Handler);
            services.AddScoped(role, typeof(Scoped<,>).MakeGenericType(useCase.Command, useCase.Response));
        }

        return services;
    }

    public static IEndpointRouteBuilder MapUseCases(this IEndpointRouteBuilder app, string area, IEnumerable<UseCase> useCases)
    {
        foreach (var useCase in useCases)
        {
            var group = app.MapGroup("").WithTags(area).WithMetadata(new UseCaseMetadata(useCase.Name, useCase.Access));
            useCase.Map(group);
        }

        return app;
    }
}
