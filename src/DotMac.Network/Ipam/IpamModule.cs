using DotMac.Contracts.External;
using DotMac.Contracts.Network;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Import;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Prefixes;
using DotMac.Network.Ipam.Registry;
using DotMac.Network.Ipam.Reservations;
using DotMac.Network.Ipam.Sites;
using DotMac.Network.Ipam.Vlans;
using DotMac.Network.Ipam.Vrfs;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Ipam;

/// <summary>The address plan: its table of contents.</summary>
internal static class IpamModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<CreateSite.Handler>(CreateSite.Map),
        UseCase.Of<GetSite.Handler>(GetSite.Map),
        UseCase.Of<UpdateSite.Handler>(UpdateSite.Map),
        UseCase.Of<DeleteSite.Handler>(DeleteSite.Map),
        UseCase.Of<ListSites.Handler>(ListSites.Map),
        UseCase.Of<CreateVrf.Handler>(CreateVrf.Map),
        UseCase.Of<GetVrf.Handler>(GetVrf.Map),
        UseCase.Of<UpdateVrf.Handler>(UpdateVrf.Map),
        UseCase.Of<DeleteVrf.Handler>(DeleteVrf.Map),
        UseCase.Of<ListVrfs.Handler>(ListVrfs.Map),
        UseCase.Of<CreateVlanGroup.Handler>(CreateVlanGroup.Map),
        UseCase.Of<GetVlanGroup.Handler>(GetVlanGroup.Map),
        UseCase.Of<UpdateVlanGroup.Handler>(UpdateVlanGroup.Map),
        UseCase.Of<DeleteVlanGroup.Handler>(DeleteVlanGroup.Map),
        UseCase.Of<ListVlanGroups.Handler>(ListVlanGroups.Map),
        UseCase.Of<CreateVlan.Handler>(CreateVlan.Map),
        UseCase.Of<GetVlan.Handler>(GetVlan.Map),
        UseCase.Of<UpdateVlan.Handler>(UpdateVlan.Map),
        UseCase.Of<DeleteVlan.Handler>(DeleteVlan.Map),
        UseCase.Of<ListVlans.Handler>(ListVlans.Map),
        UseCase.Of<CreateVlanPool.Handler>(CreateVlanPool.Map),
        UseCase.Of<GetVlanPool.Handler>(GetVlanPool.Map),
        UseCase.Of<UpdateVlanPool.Handler>(UpdateVlanPool.Map),
        UseCase.Of<DeleteVlanPool.Handler>(DeleteVlanPool.Map),
        UseCase.Of<ListVlanPools.Handler>(ListVlanPools.Map),
        UseCase.Of<CreatePrefix.Handler>(CreatePrefix.Map),
        UseCase.Of<GetPrefix.Handler>(GetPrefix.Map),
        UseCase.Of<UpdatePrefix.Handler>(UpdatePrefix.Map),
        UseCase.Of<DeletePrefix.Handler>(DeletePrefix.Map),
        UseCase.Of<ListPrefixes.Handler>(ListPrefixes.Map),
        UseCase.Of<CreateAddressPool.Handler>(CreateAddressPool.Map),
        UseCase.Of<GetAddressPool.Handler>(GetAddressPool.Map),
        UseCase.Of<UpdateAddressPool.Handler>(UpdateAddressPool.Map),
        UseCase.Of<DeleteAddressPool.Handler>(DeleteAddressPool.Map),
        UseCase.Of<ListAddressPools.Handler>(ListAddressPools.Map),
        UseCase.Of<AllocateIp.Handler>(AllocateIp.Map),
        UseCase.Of<ListAddresses.Handler>(ListAddresses.Map),
        UseCase.Of<GetAddress.Handler>(GetAddress.Map),
        UseCase.Of<UpdateAddress.Handler>(UpdateAddress.Map),
        UseCase.Of<ReleaseAddress.Handler>(ReleaseAddress.Map),
        UseCase.Of<WhoHas.Handler>(WhoHas.Map),
        UseCase.Of<CheckConflicts.Handler>(CheckConflicts.Map),
        UseCase.Of<CreateReservation.Handler>(CreateReservation.Map),
        UseCase.Of<ListAvailableIps.Handler>(ListAvailableIps.Map),
        UseCase.Of<AllocateAvailableIp.Handler>(AllocateAvailableIp.Map),
        UseCase.Of<ListAvailablePrefixes.Handler>(ListAvailablePrefixes.Map),
        UseCase.Of<AllocateAvailablePrefix.Handler>(AllocateAvailablePrefix.Map),
        UseCase.Of<ListPrefixTree.Handler>(ListPrefixTree.Map),
        UseCase.Of<GetPrefixMap.Handler>(GetPrefixMap.Map),
        UseCase.Of<AddPoolRange.Handler>(AddPoolRange.Map),
        UseCase.Of<ListPoolAvailable.Handler>(ListPoolAvailable.Map),
        UseCase.Of<ListVlanAllocations.Handler>(ListVlanAllocations.Map),
        UseCase.Of<ReleaseVlan.Handler>(ReleaseVlan.Map),
        UseCase.Of<ImportPrefixes.Handler>(ImportPrefixes.Map),
        UseCase.Of<ImportAddresses.Handler>(ImportAddresses.Map),
    ];

    public static IServiceCollection AddIpam(this IServiceCollection services)
    {
        services.AddScoped<AddressBook>();
        services.AddScoped<KeptBook>();
        services.AddScoped<Carrying>();
        services.AddScoped<ISites, KnownSites>();
        services.AddScoped<IpamMetrics>();
        services.AddScoped<Taking>();
        services.AddScoped<Known>();
        services.AddScoped<PoolRanges>();
        services.AddScoped(typeof(Register<,,>));
        services.AddScoped<IRegister<Site, SiteFields, SiteView>, SiteRegister>();
        services.AddScoped<IRegister<Vrf, VrfFields, VrfView>, VrfRegister>();
        services.AddScoped<IRegister<VlanGroup, VlanGroupFields, VlanGroupView>, VlanGroupRegister>();
        services.AddScoped<IRegister<Vlan, VlanFields, VlanView>, VlanRegister>();
        services.AddScoped<IRegister<VlanPool, VlanPoolFields, VlanPoolView>, VlanPoolRegister>();
        services.AddScoped<IRegister<Prefix, PrefixFields, PrefixView>, PrefixRegister>();
        services.AddScoped<IRegister<AddressPool, PoolFields, PoolView>, PoolRegister>();
        return services.AddDriver<IAddressPlan, BuiltInAddressPlan>("ipam", "built-in", isDefault: true);
    }

    /// <summary>What nobody waits for: expiry, and the pools' figures.</summary>
    public static IServiceCollection AddIpamWorker(this IServiceCollection services)
    {
        services.AddSingleton<PoolGauges>();
        services.AddHostedService(provider => provider.GetRequiredService<PoolGauges>());
        return services.AddHostedService<IpamRounds>().AddHostedService<SlotStock>();
    }
}
