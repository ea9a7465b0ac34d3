import { cpus } from 'node:os';
import type { PageOutcome } from './outcome.js';

export interface About {
  /** Name of the benchmark: bench:webgl. */
  readonly bench: string;
  /** Version of Chromium, and what draws or computes in it. */
  readonly version: string;
  readonly renderer: string;
}

/** Text of the file of results. */
export function markdown(outcomes: readonly PageOutcome[], { bench, version, renderer }: About): string {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${process.platform} ${process.arch}`;
  return `${[
    `# Results of ${bench}`,
    '',
    `Written by \`pnpm ${bench} --save\` on ${date}: ${machine}, headless Chromium ${version}, ${renderer}.`,
    '',
    'A ratio is the median over rounds of a peer’s time by that of Heed, in brackets its 95 % interval; the faster peer counts.',
    '',
    '| case | wanted | measured | |',
    '| --- | --- | --- | --- |',
    ...outcomes.map(
      ({ case: name, target, measured, interval, met }) =>
        `| ${name} | ${target === null ? '' : `≥ ${target} ×`} | ${measured} × (${interval[0]}–${interval[1]}) | ${met === null ? '' : met ? 'met' : '**missed**'} |`,
    ),
    ...outcomes.flatMap(({ case: name, title, standings, firstUseMs, rounds }) => [
      '',
      `## ${name}`,
      '',
      `${title[0].toUpperCase()}${title.slice(1)}; ${rounds} rounds.`,
      '',
      '| system | ms (range) | times Heed’s | first use, ms |',
      '| --- | --- | --- | --- |',
      ...standings.map(
        ({ system, ms, range, ratio, interval }) =>
          `| ${system} | ${ms} (${range[0]}–${range[1]}) | ${ratio} (${interval[0]}–${interval[1]}) | ${firstUseMs[system]} |`,
      ),
    ]),
  ].join('\n')}\n`;
}
