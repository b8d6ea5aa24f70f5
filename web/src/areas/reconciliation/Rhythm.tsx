import { Button, Group, NumberInput, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../messages';
import { Editor } from '../../shared/form/Editor';
import { changed } from '../../shared/form/values';
import { useCan } from '../../shared/me';
import { changeRhythm, rhythmQuery, steering, useFindingsChanged } from './queries';

/** How often it compares by itself, and the way to change that. */
export function Rhythm() {
  const maySteer = useCan(steering);
  const refresh = useFindingsChanged();
  const { data } = useQuery(rhythmQuery);
  const [editing, setEditing] = useState(false);
  if (!data) {
    return null;
  }
  const start = { enabled: data.enabled ?? false, every_minutes: data.every_minutes ?? 60 };
  return (
    <Group gap={0}>
      <Text size="sm" c="dimmed" data-testid="rhythm">
        {start.enabled ? t('recon.every', { minutes: start.every_minutes }) : t('recon.byHand')}
      </Text>
      {maySteer && (
        <Button size="compact-sm" variant="subtle" onClick={() => setEditing(true)}>
          {t('recon.rhythm')}
        </Button>
      )}
      {editing && (
        <Editor
          title={t('recon.rhythmTitle')}
          start={start}
          creating={false}
          save={async (values) => {
            await changeRhythm(changed(start, values));
            await refresh();
            notifications.show({ message: t('recon.rhythmSaved') });
          }}
          onClose={() => setEditing(false)}
        >
          {(form) => (
            <>
              <Switch
                label={t('recon.enabled')}
                description={t('recon.enabled.hint')}
                {...form.getInputProps('enabled', { type: 'checkbox' })}
              />
              <NumberInput
                name="every_minutes"
                label={t('recon.everyMinutes')}
                description={t('recon.everyMinutes.hint')}
                suffix=" min"
                clampBehavior="none"
                allowDecimal={false}
                hideControls
                {...form.getInputProps('every_minutes')}
              />
            </>
          )}
        </Editor>
      )}
    </Group>
  );
}
