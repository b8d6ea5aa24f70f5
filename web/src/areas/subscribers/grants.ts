import type { Me, Subscriber } from '../../api/types';

/**
 * Runs have put the line on the network: what they wrote there (reservations, the ONU's flows and rates, billing) follows only what a run
 * changes.
 */
export const isOwnedByRuns = (subscriber: Pick<Subscriber, 'has_service' | 'onu_serial'>) =>
  subscriber.has_service === true || subscriber.onu_serial !== null;

/** Whether it may hold something of the network: then deprovisioning gives that back, and deleting alone is refused. */
export const mayHold = (subscriber: Subscriber) =>
  isOwnedByRuns(subscriber) ||
  [
    subscriber.framed_ipv4_address,
    subscriber.framed_ipv6_address,
    subscriber.framed_ipv6_prefix,
    subscriber.delegated_ipv6_prefix,
    subscriber.vlan_id,
  ].some((one) => one !== null);

/** What somebody may do with a subscriber: for each action what the API asks for it, its own permission and those of what it touches. */
export function grantsOf(permissions: Me['permissions'], subscriber: Pick<Subscriber, 'onu_serial'>) {
  const may = (...needed: string[]) => needed.every((one) => permissions.includes(one));
  const ordering = may('isp.oss.configure', 'isp.radius.write');
  return {
    write: may('isp.radius.write'),
    suspend: may('isp.radius.sessions.manage'),
    plan: ordering,
    network: ordering,
    deprovision: ordering && (subscriber.onu_serial === null || may('isp.network.pon.write')),
    /** Of a change of network: the parts that have a permission of their own. */
    onu: may('isp.network.pon.write'),
    cpe: may('isp.cpe.write'),
  };
}
