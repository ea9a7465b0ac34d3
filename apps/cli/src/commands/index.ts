import type { Command } from '../command.js';
import { ATTEND } from './attend-command.js';
import { BACKENDS_COMMAND } from './backends-command.js';
import { BENCH } from './bench-command.js';
import { COMPARE } from './compare-command.js';
import { CONFORMANCE } from './conformance-command.js';
import { COST } from './cost-command.js';
import { DATA } from './data-command.js';
import { EVAL } from './eval-command.js';
import { EXPORT } from './export-command.js';
import { KERAS } from './keras-command.js';
import { OPEN } from './open-command.js';
import { RUN } from './run-command.js';
import { SWEEP } from './sweep-command.js';
import { TASKS } from './tasks-command.js';
import { TRAIN } from './train-command.js';
import { WORKER } from './worker-command.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  TRAIN,
  SWEEP,
  RUN,
  EVAL,
  WORKER,
  EXPORT,
  ATTEND,
  KERAS,
  OPEN,
  BACKENDS_COMMAND,
  CONFORMANCE,
  COMPARE,
  BENCH,
  COST,
  DATA,
  TASKS,
];
