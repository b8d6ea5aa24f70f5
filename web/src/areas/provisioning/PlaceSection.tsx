import { Button, NumberInput, SimpleGrid, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMap } from '@tabler/icons-react';
import { type ClipboardEvent, useState } from 'react';
import { t } from '../../messages';
import { LineMap } from '../../shared/map/Map';
import { type Place, readPlace, rounded } from '../../shared/map/place';
import { bound } from './Field';
import type { OrderForm } from './fields';
import { useMapDots } from './lookups';
import { Section } from './Section';

export const PlaceSection = ({ form }: { form: OrderForm }) => (
  <Section number={2} title={t('order.place')}>
    <PlaceFields form={form} />
  </Section>
);

/** Where the line ends: written, as coordinates, or marked on the map. */
export function PlaceFields({ form }: { form: OrderForm }) {
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  const [asked, setAsked] = useState<boolean>();
  const shown = asked ?? wide ?? false;
  const { service_latitude: latitude, service_longitude: longitude } = form.values;
  const picked: Place | undefined =
    typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : undefined;
  const mark = (place: Place) => {
    const exact = rounded(place);
    form.setFieldValue('service_latitude', exact.latitude);
    form.setFieldValue('service_longitude', exact.longitude);
  };
  const paste = (event: ClipboardEvent) => {
    const place = readPlace(event.clipboardData.getData('text'));
    if (place) {
      event.preventDefault();
      mark(place);
    }
  };
  return (
    <>
      <Textarea {...bound(form, 'service_address')} autosize minRows={1} maxRows={4} autoComplete="off" />
      <SimpleGrid cols={{ base: 2 }} spacing="sm">
        {(['service_latitude', 'service_longitude'] as const).map((name) => (
          <NumberInput
            key={name}
            {...bound(form, name)}
            decimalScale={6}
            hideControls
            clampBehavior="none"
            inputMode="decimal"
            onPaste={paste}
          />
        ))}
      </SimpleGrid>
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconMap size={15} aria-hidden />}
          aria-expanded={shown}
          onClick={() => setAsked(!shown)}
        >
          {shown ? t('order.hideMap') : t('order.showMap')}
        </Button>
      </div>
      {shown && <Marked picked={picked} onPick={mark} />}
    </>
  );
}

function Marked(props: { picked: Place | undefined; onPick: (place: Place) => void }) {
  const dots = useMapDots();
  return <LineMap label={t('order.map')} height={280} dots={dots} {...props} />;
}
