import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../scripts/playground.mjs', import.meta.url));

/** `pnpm playground` at a port, and what it has said so far. */
function playground(port: number) {
  const child = spawn(process.execPath, [COMMAND, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return { child, said: () => said.trim().split('\n') };
}

async function listen(): Promise<{ port: number; close: () => void }> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

test('the address comes first and last, and little between', async () => {
  const { port, close } = await listen();
  close();
  const address = `http://localhost:${port}/`;
  const { child, said } = playground(port);
  try {
    await expect.poll(() => said().at(-1), { timeout: 100_000 }).toBe(`Ctrl-C ends it. The playground: ${address}`);
    expect(said()[0]).toBe(`The playground, soon at ${address}`);
    expect(said().length).toBeLessThan(10);
    const page = await fetch(address);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(await page.text()).toContain('<title>Heed playground</title>');
  } finally {
    child.kill('SIGINT');
    await once(child, 'close');
  }
});

test('a port that is in use is refused before anything is built', async () => {
  const { port, close } = await listen();
  const { child, said } = playground(port);
  const [code] = await once(child, 'close');
  close();
  expect(code).toBe(1);
  expect(said()).toEqual([`Port ${port} is in use; take another one: pnpm playground --port 5000`]);
});
