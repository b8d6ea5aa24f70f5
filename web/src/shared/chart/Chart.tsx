import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './Drawing';

const Drawing = lazy(() => import('./Drawing').then((module) => ({ default: module.Drawing })));

/** A chart whose library is loaded only when a chart is on screen. `label` says in words what the picture shows. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} />}>
      <Drawing {...props} />
    </Suspense>
  );
}
