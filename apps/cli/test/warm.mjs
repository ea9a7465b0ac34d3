// Runs the built command again and again in one process, which has its modules after the first time: a child of heed.ts, which sends
// arguments, input and folder of each run, and is sent what the command wrote and its exit code.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [main] = process.argv.slice(2);
const STREAMS = [process.stdout, process.stderr];

process.on('message', async (asked) => process.send(await run(asked)));
process.on('disconnect', () => process.exit());

async function run({ args, input, cwd }) {
  process.argv = [process.argv[0], main, ...args];
  process.exitCode = undefined;
  process.chdir(cwd);
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  const before = STREAMS.map((stream) => stream.listeners('error'));
  const written = ['', ''];
  STREAMS.forEach((stream, n) => {
    stream.write = (text) => {
      written[n] += text;
      return true;
    };
  });
  // A new address is a new module; what it imports is there already.
  await import(`${pathToFileURL(main).href}?run=${randomUUID()}`);
  STREAMS.forEach((stream, n) => {
    delete stream.write;
    for (const listener of stream.listeners('error')) if (!before[n].includes(listener)) stream.off('error', listener);
  });
  const [stdout, stderr] = written;
  return { code: process.exitCode ?? 0, stdout, stderr };
}
