import { abilityOf } from '../capabilities.js';
import { nameOf } from '../command.js';
import { COMMANDS } from '../commands/index.js';
import type { Work } from '../compare/problem.js';
import type { Host } from '../host.js';
import { describeError } from '../io/errors.js';
import { openContext } from './context.js';
import type { JobMessage, PageGlobals } from './globals.js';
import { answer, decode } from './message.js';
import { remoteHost } from './remote-host.js';

type Job = (host: Host, ...args: never[]) => Promise<unknown>;

const JOBS: Readonly<Record<string, () => Promise<Job>>> = {
  ...Object.fromEntries(
    COMMANDS.filter(({ runs }) => runs === 'on its backend').map((command) => [nameOf(command), command.load]),
  ),
  ability:
    async () =>
    ({ backends }, name: string) =>
      abilityOf(backends, name),
  async solve() {
    const { solveOn } = await import('../compare/solve.js');
    return async ({ backends }, name: string, work: Work) => solveOn(await backends.load(name), work);
  },
};

/** What a page gets ready for some backends; rejects when the browser takes it away. Others find by themselves that something is lost. */
const OPENERS: Readonly<Record<string, () => Promise<never>>> = { webgl: openContext };
const NEVER = new Promise<never>(() => {});

async function runJob({ job, backend, args, terminal }: JobMessage): Promise<unknown> {
  const lost = OPENERS[backend]?.() ?? NEVER;
  const host = remoteHost(terminal);
  const run = await JOBS[job]();
  try {
    return await Promise.race([run(host, ...(args as never[])), lost]);
  } catch (error) {
    // Calls fail a moment before the browser tells of the lost context, which explains them.
    const { code } = describeError(error);
    if (code === 'UNEXPECTED' || code === 'CONTEXT_LOST') await Promise.race([lost, sleep(MOMENT)]);
    throw error;
  } finally {
    // What was written before has arrived when this comes back.
    await host.output.drained();
  }
}

const MOMENT = 500; // ms

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const globals: Pick<PageGlobals, 'heedRun' | 'heedInterrupt'> = {
  heedRun: (text) => answer(() => runJob(decode(text) as JobMessage)),
  heedInterrupt() {},
};

Object.assign(globalThis, globals);
