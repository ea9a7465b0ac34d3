import { once } from 'node:events';
import type { Ansis } from 'ansis';
import { EXIT } from '../exit-codes.js';
import { painter } from './colors.js';
import { toJsonLine } from './json.js';
import { Progress, type ProgressState } from './progress.js';

/**
 * Where a command writes. Results go to standard output: NDJSON and nothing else with --json, text for people without.
 * What happens meanwhile goes to standard error.
 */
export class Output {
  readonly json: boolean;
  /** Colours of standard output and of standard error. */
  readonly paint: Ansis;
  readonly paintNotes: Ansis;
  readonly #progress = new Progress(process.stderr);

  constructor({ json }: { json: boolean }) {
    this.json = json;
    this.paint = painter(process.stdout);
    this.paintNotes = painter(process.stderr);
  }

  /** An event for programs; nothing without --json. */
  event(event: Readonly<Record<string, unknown>>): void {
    if (!this.json) return;
    this.#write(toJsonLine(event));
  }

  /** A result for people; nothing with --json, where events say it. */
  print(text: string): void {
    if (this.json) return;
    this.#write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Something that people should know. */
  note(text: string): void {
    this.#progress.clear();
    process.stderr.write(`${text}\n`);
  }

  progress(state: ProgressState): void {
    this.#progress.update(state);
  }

  endProgress(): void {
    this.#progress.clear();
  }

  #write(text: string): void {
    // Its error event comes only when the work pauses, which may be at its end.
    if ((process.stdout.errored as NodeJS.ErrnoException | null)?.code === 'EPIPE') process.exit(EXIT.ok);
    this.#progress.clear();
    process.stdout.write(text);
  }

  /** Waits until standard output has taken what was written, so that a slow reader slows the command down. */
  async drained(): Promise<void> {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
}
