/** Where a long piece of work stands. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** What is counted: 'step', 'word', 'case'. */
  readonly unit: string;
  /** Anything else worth a glance, the most important first: the loss, the rate. */
  readonly notes?: readonly string[];
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
    if (this.#stream.isTTY) {
      const width = (this.#stream.columns || 80) - 1; // some terminals wrap a line that is full
      this.#stream.write(`\r\u001b[2K${describe(state, width)}`);
      this.#shown = true;
    } else {
      this.#stream.write(`${describe(state, Infinity)}\n`);
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

/** As much as there is room for: the bar is given up before words, and the time left is kept longest. */
function describe({ done, total, unit, notes = [], secondsLeft }: ProgressState, width: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const percent = `${(100 * share).toFixed(0)} %`.padStart(5);
  const left = secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`];
  const count = `${unit} ${done} of ${total}`;
  const withNotes = (most: number): string => [count, ...notes.slice(0, most), ...left].join(' · ');
  const all = withNotes(notes.length);
  const lines = [
    ...BARS.map((length) => `${bar(share, length)} ${percent} · ${all}`),
    ...[...notes.keys(), notes.length].toReversed().map((most) => `${percent} · ${withNotes(most)}`),
    [percent, ...left].join(' · '),
  ];
  return lines.find((line) => line.length <= width) ?? percent.trim().slice(0, width);
}

const BARS = [20, 10];

function bar(share: number, length: number): string {
  const filled = Math.round(share * length);
  return `${'█'.repeat(filled)}${'░'.repeat(length - filled)}`;
}

/** 75 as "1:15", 4000 as "1:06:40". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
