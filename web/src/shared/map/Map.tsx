import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { MapProps } from './Drawing';

export type { Place } from './place';

const Drawing = lazy(() => import('./Drawing').then((module) => ({ default: module.Drawing })));

/** A map that asks nobody outside for tiles. Its library and its coastlines are loaded only where one is on screen. */
export function LineMap(props: MapProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} />}>
      <Drawing {...props} />
    </Suspense>
  );
}
