import type { AnyTask } from './known.js';
import { UsageError } from './usage-error.js';

/** @throws UsageError when the task has no such option */
export function refuseOption({ name, options }: AnyTask, option: AnyTask['options'][number], flag: string): void {
  if (options.includes(option)) return;
  const why = option === 'beam' ? 'search for its answers' : 'sample its answers';
  throw new UsageError(`${flag} means nothing here: ${name} doesn't ${why}`);
}
