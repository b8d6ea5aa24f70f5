using System.Globalization;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// A real FreeRADIUS as the NAS's door for Disconnect-Requests: acknowledges every user but those named refuse…, whom it answers with
/// Session-Context-Not-Found, and stubborn…, whom it refuses without a reason. Prints each packet it takes.
/// </summary>
public static class FreeRadiusNas
{
    public static Task<FreeRadiusPeer> StartAsync(string address, int port, string secret) =>
        FreeRadiusPeer.StartAsync(
            $$"""
            client all {
                ipaddr = 127.0.0.0/8
                secret = {{secret}}
                require_message_authenticator = yes
            }
            modules {
                always ok {
                    rcode = ok
                }
                always reject {
                    rcode = reject
                }
            }
            server coa {
                listen {
                    type = coa
                    ipaddr = {{address}}
                    port = {{port.ToString(CultureInfo.InvariantCulture)}}
                    virtual_server = coa
                }
                recv-coa {
                    if (&User-Name =~ /^refuse/) {
                        update reply {
                            &Error-Cause := Session-Context-Not-Found
                        }
                        reject
                    }
                    elsif (&User-Name =~ /^stubborn/) {
                        reject
                    }
                    else {
                        ok
                    }
                }
                send-coa {
                    ok
                }
            }

            """
        );
}
