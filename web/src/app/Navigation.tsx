import { ScrollArea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { Me } from '../api/types';
import { t } from '../messages';
import { type NavGroup, navFor } from './nav';
import classes from './Shell.module.css';

function Group({ group }: { group: NavGroup }) {
  const id = useId();
  return (
    <div>
      {group.label && (
        <div id={id} className={classes.group}>
          {t(group.label)}
        </div>
      )}
      <ul className={classes.list} aria-labelledby={group.label ? id : undefined}>
        {group.items.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={classes.link} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon size={17} stroke={1.7} aria-hidden />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Navigation({ me }: { me: Me }) {
  return (
    <ScrollArea p="xs" type="auto">
      {navFor(me).map((group) => (
        <Group key={group.items[0]?.to} group={group} />
      ))}
    </ScrollArea>
  );
}
