import { t } from '../../messages';
import { TextLink } from '../../shared/links';
import { useCan } from '../../shared/me';

/** Who holds something: his line, where there is one and it may be seen. */
export function Holder({ owner, label }: { owner?: string | null; label: string }) {
  const mayOpen = useCan('isp.radius.read');
  const name = label || t('ipam.nobody');
  return owner && mayOpen ? (
    <TextLink to="/subscribers/$key" params={{ key: owner }} inherit>
      {name}
    </TextLink>
  ) : (
    name
  );
}
