import { Badge, Button, Group, Radio, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { t } from '../../messages';
import { Time } from '../../shared/time';
import { Word } from './Field';
import type { OrderForm } from './fields';
import { useDiscovered } from './lookups';
import classes from './Section.module.css';

/** The ONUs that the OLTs see and that belong to nobody; or a serial typed from the box's label. */
export function OnuPicker({ form, placeholder = 'ALCL12345678' }: { form: OrderForm; placeholder?: string }) {
  const found = useDiscovered();
  const onus = found.data ?? [];
  const serial = String(form.values.onu_serial).toUpperCase();
  return (
    <>
      {onus.length > 0 && (
        <Radio.Group
          label={t('order.discovered')}
          value={onus.some((one) => one.serial === serial) ? serial : ''}
          onChange={(value) => form.setFieldValue('onu_serial', value)}
        >
          <div className={classes.onus} data-testid="discovered">
            {onus.map((one) => (
              <Radio.Card key={one.serial} value={one.serial} className={classes.onu}>
                <Radio.Indicator size="xs" />
                <span>
                  <span className="mono">{one.serial}</span>
                  <Text size="xs" c="dimmed" component="span" display="block">
                    {t('order.onuAt', { olt: one.olt_name, port: one.pon_port })}
                    {one.observed_at && (
                      <>
                        {' · '}
                        <Time at={one.observed_at} show="age" />
                      </>
                    )}
                  </Text>
                </span>
                <Group gap={6} wrap="nowrap">
                  <Optics dbm={one.rx_power_dbm} />
                  {one.simulated && (
                    <Badge
                      size="sm"
                      variant="outline"
                      color="gray"
                      tt="none"
                      c="var(--dm-idle)"
                      data-testid="simulated"
                    >
                      {t('run.simulated')}
                    </Badge>
                  )}
                </Group>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
      )}
      <Group align="flex-start" gap="xs">
        <Word form={form} name="onu_serial" placeholder={placeholder} mono />
        <Button
          variant="default"
          leftSection={<IconRefresh size={15} aria-hidden />}
          loading={found.isFetching}
          onClick={() => found.refetch()}
          mt={24}
        >
          {t('order.lookAgain')}
        </Button>
      </Group>
      {found.isSuccess && onus.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('order.noneDiscovered')}
        </Text>
      )}
    </>
  );
}

/** Received light. GPON class B+ works between −8 and −27 dBm (ITU-T G.984.2 Amd 1). */
function Optics({ dbm }: { dbm: number | null | undefined }) {
  if (dbm == null) {
    return null;
  }
  const weak = dbm < -27 || dbm > -8;
  return (
    <Text span size="xs" className="num" c={weak ? 'var(--dm-bad)' : dbm < -25 ? 'var(--dm-warn)' : undefined}>
      {dbm.toFixed(1)} dBm{weak && ` (${t('order.outOfRange')})`}
    </Text>
  );
}
