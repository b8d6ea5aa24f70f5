using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

/// <summary>Where a line ends, as a caller may say it.</summary>
internal static class ServicePlace
{
    /// <param name="latitude">Degrees, WGS 84; so the longitude: both or neither.</param>
    public static void Check(Faults faults, string? address, double? latitude, double? longitude) =>
        faults
            .Text("service_address", address, 0, 500)
            .Check(latitude is null or (>= -90 and <= 90), "service_latitude", "out_of_range", "From -90 to 90.")
            .Check(longitude is null or (>= -180 and <= 180), "service_longitude", "out_of_range", "From -180 to 180.")
            .Check(
                latitude is null == longitude is null,
                latitude is null ? "service_latitude" : "service_longitude",
                "required",
                "A place needs both degrees."
            );
}
