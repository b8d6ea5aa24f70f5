import { lookup } from '../messages';

/** What a run, a step of one or its target is called; one that this console does not know yet is told by its own name. */
export const runWords = (kind: 'step' | 'target' | 'definition' | 'status', name: string) =>
  lookup(`run.${kind}.${name}`) ?? name.replaceAll(/[_-]/g, ' ').replace(/^./, (letter) => letter.toUpperCase());
