// `pnpm playground`: builds the page and serves it. The address of the page is the first line and the last.
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { install, pnpm, root } from './steps.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } });
const port = Number(values.port);
const page = join(root, 'apps', 'playground');
const address = `http://localhost:${port}/`;

if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`--port takes a number from 1 to 65535, not ${values.port}`);
if (!(await isFree())) fail(`Port ${port} is in use; take another one: pnpm playground --port 5000`);
console.log(`The playground, soon at ${address}`);
await install();
await pnpm('Building the page and what it needs', 'run', 'playground:build');
// Vite of the page's own package, which has just been installed.
const { preview } = await import(pathToFileURL(createRequire(join(page, 'package.json')).resolve('vite')));
await preview({ root: page, preview: { port, strictPort: true }, logLevel: 'warn' });
console.log(`\nCtrl-C ends it. The playground: ${address}`);

function fail(why) {
  console.error(why);
  process.exit(1);
}

function isFree() {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, 'localhost', () => server.close(() => resolve(true)));
  });
}
