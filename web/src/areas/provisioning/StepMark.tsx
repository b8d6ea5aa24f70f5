import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconClock,
  IconLoader2,
  IconPlayerSkipForward,
  IconPlugOff,
  IconRepeat,
} from '@tabler/icons-react';
import type { Mark } from './run';
import classes from './Timeline.module.css';

const icons = {
  waiting: IconClock,
  busy: IconLoader2,
  again: IconRepeat,
  done: IconCheck,
  skipped: IconPlayerSkipForward,
  absent: IconPlugOff,
  failed: IconAlertTriangle,
  undoing: IconArrowBackUp,
  undone: IconArrowBackUp,
  undo_failed: IconAlertTriangle,
};

/** The shape on the rail. The word beside it says the same. */
export function StepMark({ mark }: { mark: Mark }) {
  const Icon = icons[mark];
  return (
    <span className={classes.mark} data-mark={mark} aria-hidden="true">
      <Icon size={15} stroke={2.2} />
    </span>
  );
}
