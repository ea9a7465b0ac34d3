import { once } from 'node:events';
import {
  renderOverlayTerminal,
  renderTerminal,
  type AttentionMap,
  type AttentionOverlay,
  type TerminalOptions,
} from '@heed/heatmap';
import type { Ansis } from 'ansis';
import type { Output } from '../host.js';
import { colorLevel, painter } from './colors.js';
import type { Report } from './errors.js';
import { leaveWithReader } from './interrupt.js';
import { toJsonLine } from './json.js';
import { Progress, type ProgressState } from './progress.js';
import { writeError } from './report-error.js';

/** Standard output and standard error of this process. */
export class TerminalOutput implements Output {
  readonly json: boolean;
  readonly paint: Ansis;
  readonly #progress = new Progress(process.stderr);

  constructor({ json }: { json: boolean }) {
    this.json = json;
    this.paint = painter(process.stdout);
  }

  event(event: Readonly<Record<string, unknown>>): void {
    if (!this.json) return;
    this.#write(toJsonLine(event));
  }

  print(text: string): void {
    if (this.json) return;
    this.#write(text.endsWith('\n') ? text : `${text}\n`);
  }

  maps(maps: readonly AttentionMap[]): void {
    if (!this.json) this.#write(renderTerminal(maps, { ...terminal(), limit: MOST_LINES }));
  }

  overlays(overlays: readonly AttentionOverlay[]): void {
    if (!this.json) this.#write(renderOverlayTerminal(overlays, { ...terminal(), drawn: 'cells' }));
  }

  note(text: string): void {
    this.#progress.clear();
    process.stderr.write(`${text}\n`);
  }

  error(report: Report): void {
    this.#progress.clear();
    writeError(report);
  }

  progress(state: ProgressState): void {
    this.#progress.update(state);
  }

  endProgress(): void {
    this.#progress.clear();
  }

  #write(text: string): void {
    // Its error event comes only when the work pauses, which may be at its end.
    if ((process.stdout.errored as NodeJS.ErrnoException | null)?.code === 'EPIPE') leaveWithReader();
    this.#progress.clear();
    process.stdout.write(text);
  }

  async drained(): Promise<void> {
    if (!process.stdout.writableNeedDrain) return;
    await once(process.stdout, 'drain').catch((error: NodeJS.ErrnoException) => {
      // Whoever read it has gone away, which ends this process elsewhere.
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

// A map of more rows can't be seen at once; --out has all of it.
const MOST_LINES = 64;

/** Colours and width of this process's terminal. */
function terminal(): Pick<TerminalOptions, 'colors' | 'width'> {
  const level = colorLevel(process.stdout);
  return {
    colors: level === 3 ? 'truecolor' : level === 2 ? 'ansi256' : 'plain',
    width: process.stdout.columns || 80, // 0 where a terminal doesn't know
  };
}
