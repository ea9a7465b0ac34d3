import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { events, heed, temporaryFolder } from './heed.js';

const VECTORS = fileURLToPath(new URL('../../../vectors/hugging-face/', import.meta.url));

test('a pretrained model, on every backend, is held against float64 and against the others', async () => {
  const { stdout, code } = await heed([
    'compare',
    join(VECTORS, 'bert'),
    '--words',
    '2',
    '--backends',
    'wasm,cpu',
    '--json',
  ]);
  const all = events({ stdout, code, stderr: '' });
  expect(all[0]).toMatchObject({ event: 'problem', title: expect.stringContaining('BertForMaskedLM') as string });
  const differences = all.filter(({ event }) => event === 'difference');
  const of = (backend: string, against: string) =>
    differences.filter((one) => one['backend'] === backend && one['against'] === against);
  const outputs = ['logits', 'lastHiddenState', 'hiddenStates/0', 'hiddenStates/2', 'attentions/0', 'attentions/1'];
  for (const list of [of('wasm', 'reference'), of('cpu', 'reference'), of('wasm', 'cpu')]) {
    expect(list.map(({ output }) => output)).toEqual(expect.arrayContaining(outputs));
    // In float32 something is off, and little.
    const most = Math.max(...list.map(({ absolute }) => absolute as number));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1e-3);
  }
  expect(of('cpu', 'reference')).toContainEqual(
    expect.objectContaining({ output: 'attentions/1', shape: [2, 4, 12, 12] }),
  );
  expect([all.at(-1), code]).toMatchObject([{ event: 'done', passed: true }, 0]);
});

test.each(['t5', 'clip'])('%s has inputs of its own', async (name) => {
  const { stdout, code } = await heed(['compare', join(VECTORS, name), '--words', '1', '--backends', 'cpu']);
  expect(code).toBe(0);
  expect(stdout).toContain(name === 't5' ? 'crossAttentions/1' : 'logitsPerImage');
});

test('a family that isn’t known is refused', async () => {
  const folder = await temporaryFolder();
  await cp(join(VECTORS, 'bert'), folder, { recursive: true });
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object;
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, architectures: ['MambaForCausalLM'] }));
  const refused = await heed(['compare', folder, '--backends', 'cpu']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('UNKNOWN_NAME')]);
});
