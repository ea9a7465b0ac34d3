import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { BACKENDS, useBackend } from '../../test/backends.js';
import { filesIn } from '../../test/folders.js';
import { loadPretrained } from '../load-pretrained.js';

useBackend(BACKENDS[1]!);

/** A server of some files, and what it was asked for. */
async function serve(files: Readonly<Record<string, Uint8Array>>, givesParts = true) {
  const asked: string[] = [];
  const server = createServer(({ url = '', method, headers }, response) => {
    const bytes = files[url.replace('/folder/', '')];
    const range = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '');
    asked.push(`${method} ${url}${range === null ? '' : ` ${range[0]}`}`);
    if (bytes === undefined) response.writeHead(404).end();
    else if (method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end();
    else if (range === null || !givesParts) response.end(bytes);
    else response.writeHead(206).end(bytes.subarray(Number(range[1]), Number(range[2]) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/folder` };
}

it.each(['bert', 'bert_variants/sharded'])(
  '%s is fetched by its address, of weights one tensor at a time',
  async (name) => {
    const { asked, address } = await serve(filesIn(name));
    const model = await loadPretrained(address);
    expect(model.architecture).toBe('BertForMaskedLM');
    expect(Object.keys(model.parameters)).toHaveLength(42);
    model.dispose();
    const ofWeights = asked.filter((request) => request.startsWith('GET') && request.endsWith('safetensors'));
    expect(ofWeights).toEqual([]);
    expect(asked.filter((request) => request.includes('bytes=')).length).toBeGreaterThanOrEqual(42);
  },
);

it('servers without parts of files, and addresses that nothing is at, are refused', async () => {
  const whole = await serve(filesIn('bert'), false);
  await expect(loadPretrained(whole.address)).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_ACCESS', message: expect.stringContaining('no parts of files') as string }),
  );
  await expect(loadPretrained('http://127.0.0.1:1/')).rejects.toThrow(expect.objectContaining({ code: 'FILE_ACCESS' }));
  const empty = await serve({});
  await expect(loadPretrained(empty.address)).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_ACCESS', message: expect.stringContaining('config.json') as string }),
  );
});
