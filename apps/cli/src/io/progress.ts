/** Where a long piece of work stands. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** What is counted: 'step', 'word', 'case'. */
  readonly unit: string;
  /** Anything else worth a glance: the loss, the rate. */
  readonly note?: string;
  readonly secondsLeft?: number;
}

/**
 * One updating line on a terminal; elsewhere a line now and then, so that logs stay short.
 */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;
  #last = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#last = performance.now();
  }

  update(state: ProgressState): void {
    const now = performance.now();
    const finished = state.done >= state.total;
    if (now - this.#last < (this.#stream.isTTY ? TERMINAL_INTERVAL : LOG_INTERVAL) && !finished) return;
    this.#last = now;
    const line = describe(state);
    if (this.#stream.isTTY) {
      const width = Math.max(20, this.#stream.columns || 80) - 1;
      this.#stream.write(`\r\u001b[2K${line.slice(0, width)}`);
      this.#shown = true;
    } else {
      this.#stream.write(`${line}\n`);
    }
  }

  /** Takes the line away, before other text is written. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[2K');
    this.#shown = false;
  }
}

// Milliseconds. Faster than this nobody reads; slower than that, people wonder whether it still runs.
const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 10_000;

function describe({ done, total, unit, note, secondsLeft }: ProgressState): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(share * BAR);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const left = secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`;
  return `${bar} ${(100 * share).toFixed(0).padStart(3)} % · ${unit} ${done} of ${total}${note ? ` · ${note}` : ''}${left}`;
}

const BAR = 20;

/** 75 as "1:15", 4000 as "1:06:40". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
