import { expect, test } from 'vitest';
import { events, heed } from './heed.js';

/** Builds that the wasm backend uses: in `heed backends`, and in what computes. */
async function builds(node: readonly string[]): Promise<unknown[]> {
  const settings = { node };
  const listed = events(await heed(['backends', '--json'], settings)).find(({ name }) => name === 'wasm');
  const held = ['conformance', '--backend', 'wasm', '--case', 'masks/dot/causal-top-left', '--threads', '2', '--json'];
  const outcome = await heed(held, settings);
  expect(outcome.code).toBe(0);
  return [listed, events(outcome).at(-1)].map((one) => (one!['capabilities'] as { readonly simd: string }).simd);
}

test('the command has relaxed SIMD on every Node', async () => {
  expect(await builds([])).toEqual(['relaxed', 'relaxed']);
});

// Later ones have no such flag.
test.runIf(process.versions.v8.startsWith('11.3.'))('unless Node was told to go without it', async () => {
  for (const flag of ['--no-experimental-wasm-relaxed-simd', '--noexperimental_wasm_relaxed_simd']) {
    expect(await builds([flag])).toEqual(['simd', 'simd']);
  }
});
