import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { contest, type Contender } from '../contest.js';
import { atMost } from '../figure.js';
import { HEED_COMMAND } from '../heed-command.js';
import { median, rounded } from '../statistics.js';
import type { BenchCase } from '../wasm/case.js';

const WORD = 'attending';
/** At most so many seconds from the command to its answer. */
const TARGET = 0.6;

/** Processes, each of which does what the one before does, and more. */
const STAGES: readonly { readonly name: string; readonly adds: string; readonly args: readonly string[] }[] = [
  {
    name: `heed run g2p ${WORD}`,
    adds: 'backend, model, answer',
    args: [HEED_COMMAND, 'run', 'g2p', WORD, '--no-maps'],
  },
  { name: 'heed --version', adds: 'the command itself', args: [HEED_COMMAND, '--version'] },
  { name: 'node', adds: 'Node', args: ['--eval', '0'] },
];

/** Case of the time from a command to its answer, each in a process of its own, of files that the system has read before. */
export function startCommand(): BenchCase {
  const title = `${STAGES[0].name}, a process each, beside processes that do less`;
  return {
    name: 'start-command',
    title,
    async run(_, rounds) {
      const standings = await contest(STAGES.map(processOf), rounds);
      const seconds = standings[0].rounds.map((ms) => ms / 1000);
      const rows = STAGES.map(({ adds }, n) => {
        const less = standings[n + 1]?.rounds;
        return { part: adds, ms: rounded(median(standings[n].rounds.map((ms, round) => ms - (less?.[round] ?? 0)))) };
      });
      const figures = [atMost('start-command: seconds to the answer', TARGET, seconds, 's')];
      return { case: 'start-command', title, standings, figures, leftOut: [], rows };
    },
  };
}

const processOf = ({ name, args }: (typeof STAGES)[number]): Contender => ({
  name,
  computes: name,
  run: async () => {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return [Float32Array.from(Buffer.from(stdout))];
  },
});
