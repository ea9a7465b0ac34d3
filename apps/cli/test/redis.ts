import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.js';

const PATHS = ['/usr/bin/redis-server', '/usr/bin/valkey-server', '/usr/local/bin/redis-server'];
const program = PATHS.find((path) => existsSync(path));

/** Whether a server for queues is installed. What is to be checked (CI=true) can't do without. */
export const hasRedis = program !== undefined;
if (!hasRedis) {
  const how = 'apt-get install redis-server';
  if (process.env['CI'] === 'true') throw new Error(`there is no Redis: ${how}`);
  console.error(`Queues are NOT tested. To test them, on Debian: ${how}`);
}

export interface Server {
  readonly url: string;
  /** Ends it without a word, and starts it again with what its log has. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts Redis for a test.
 *
 * @param folder where it keeps its log; without one, a crash loses all that it has
 */
export async function startRedis(folder?: string): Promise<Server> {
  const port = await freePort();
  const log = folder === undefined ? [] : ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder];
  let server: ChildProcess;
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async crash() {
      await end('SIGKILL');
      await start();
    },
    close: () => end('SIGTERM'),
  };

  async function start(): Promise<void> {
    server = spawn(program!, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...log], {
      stdio: 'ignore',
    });
    while (!(await answers(port))) await pause(50);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
}

function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((isThere) => {
    socket.destroy();
    return isThere as boolean;
  });
}
