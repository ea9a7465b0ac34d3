import type { TrainFlags } from './commands/train-command.js';

/** The folder in which `heed train` keeps the run of a task. */
export const runPath = (task: string, { out }: Pick<TrainFlags, 'out'>): string => out ?? `runs/${task}`;
