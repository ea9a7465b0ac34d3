import { loadBackend } from '../backends.js';
import { abilityOf } from '../capabilities.js';
import { ON_BACKEND } from '../commands/on-backend.js';
import type { Work } from '../compare/problem.js';
import type { Host } from '../host.js';
import { describeError } from '../io/errors.js';
import { openContext } from './context.js';
import type { JobMessage, PageGlobals } from './globals.js';
import { answer, decode } from './message.js';
import { remoteHost } from './remote-host.js';

type Job = (host: Host, ...args: never[]) => Promise<unknown>;

const JOBS: Readonly<Record<string, () => Promise<Job>>> = {
  ...ON_BACKEND,
  ability: async () => (_, name: string) => abilityOf(name),
  async solve() {
    const { solveOn } = await import('../compare/solve.js');
    return async (_, name: string, work: Work) => solveOn(await loadBackend(name), work);
  },
};

async function runJob({ job, args, terminal }: JobMessage): Promise<unknown> {
  const context = openContext();
  // Nothing that was computed without the context gets out of the page.
  const host = remoteHost(terminal, () => context.check());
  const run = await JOBS[job]!();
  try {
    const result = await Promise.race([run(host, ...(args as never[])), context.lost]);
    // What was written before has arrived when this comes back.
    await host.output.drained();
    return result;
  } catch (error) {
    if (describeError(error).code === 'UNEXPECTED') await Promise.race([context.lost, sleep(MOMENT)]);
    await host.output.drained();
    throw error;
  }
}

// Milliseconds after which the browser has told of a lost context, which explains the error; calls fail before it does.
const MOMENT = 500;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const globals: Pick<PageGlobals, 'heedRun' | 'heedInterrupt'> = {
  heedRun: (text) => answer(() => runJob(decode(text) as JobMessage)),
  heedInterrupt() {},
};

Object.assign(globalThis, globals);
