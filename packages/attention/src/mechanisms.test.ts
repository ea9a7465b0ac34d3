import * as tf from '@tensorflow/tfjs-core';
import { MECHANISM_FACTS } from '@heed/attention/facts';
import { describe, expect, it } from 'vitest';
import { BACKENDS, codeOf, useBackend, values } from '../test/engine.js';
import { nearness } from '../test/made-up.js';
import { MECHANISMS, costOfMechanism, createMechanism, factsOf, type MechanismDefinition } from './index.js';

const PLACE = { queryWidth: 8, memoryWidth: 8, seed: 1 };
const DEFINITIONS: readonly MechanismDefinition[] = MECHANISMS;
const configOf = ({ kind, fit, suggest }: MechanismDefinition, more: object = {}): object => ({
  kind,
  ...fit.options(PLACE),
  ...suggest?.({ width: 8, heads: 2 }),
  ...more,
});

useBackend(BACKENDS[1]);

it('names each mechanism once, for programs and for people', () => {
  for (const key of ['kind', 'title'] as const) {
    expect(new Set(DEFINITIONS.map((one) => one[key])).size).toBe(DEFINITIONS.length);
  }
});

it('has facts for those who load no TensorFlow.js, written from the definitions', () => {
  expect(MECHANISM_FACTS).toEqual(JSON.parse(JSON.stringify(DEFINITIONS.map(factsOf))));
});

describe.each(DEFINITIONS.map((one) => [one.kind, one] as const))('%s', (kind, definition) => {
  it('needs nothing but its place in a model and what it suggests', () => {
    const mechanism = createMechanism(configOf(definition));
    expect(mechanism.config()).toMatchObject({ kind, name: kind });
    expect(mechanism).toMatchObject(definition.widths(mechanism.config()));
    mechanism.dispose();
  });

  it('has a formula in text and in MathML, and says where it is from', () => {
    const { formula, title } = definition;
    expect(title).toMatch(/^[A-Z]/);
    expect(formula.text).toMatch(/s.*h/);
    for (const math of [formula.score, formula.state, formula.value, formula.output]) {
      if (math !== undefined) expect(unclosed(math), math).toEqual([]);
    }
    expect(formula.papers.length).toBeGreaterThan(0);
    for (const { cite, url, at } of formula.papers) {
      expect(cite).toMatch(/\d{4}$/);
      expect(new URL(url).hostname).toBe('arxiv.org');
      expect(at).not.toBe('');
    }
  });

  it('costs as many parameters as there are, whatever the options', () => {
    const variants: object[] = [{}, { bias: false }, { normalized: true }, { scale: 'learned' }, { keyHeads: 1 }];
    variants.push({ relative: { reach: 2 } }, { relative: { reach: 2, shared: true } }, { outputWidth: 3 });
    let taken = 0;
    for (const variant of variants) {
      const config = configOf(definition, variant);
      const isTaken = codeOf(() => createMechanism(config).dispose()) === 'no error';
      if (!isTaken) continue;
      taken++;
      const mechanism = createMechanism(config);
      const count = Object.values(mechanism.parameters).reduce((sum, { size }) => sum + size, 0);
      const use = { batch: 2, keys: 3, queries: 4, calls: 1 };
      expect(costOfMechanism(config, use).parameters, JSON.stringify(variant)).toBe(count);
      mechanism.dispose();
    }
    expect(taken).toBeGreaterThan(0);
  });

  it('costs nothing but parameters where there is nothing to attend to', () => {
    const { forward, training } = costOfMechanism(configOf(definition), { batch: 0, keys: 3, queries: 4, calls: 1 });
    expect([forward.multiplyAdds, training.multiplyAdds]).toEqual([0, 0]);
  });
});

describe('a mechanism that somebody else defines', () => {
  const mechanisms = [...DEFINITIONS, nearness];
  const config = { kind: 'nearness', width: 2 };
  const memory = tf.tensor3d([
    [
      [0, 0],
      [1, 0],
      [3, 0],
    ],
  ]);

  it('is made, attends in steps, is looked at and rebuilt, and costs what it says', () => {
    const mechanism = createMechanism(config, undefined, { mechanisms });
    const prepared = mechanism.prepare(memory, { lengths: [2] });
    const query = tf.tensor3d([
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    const { context, weights, state } = mechanism.attend(query, prepared, { returnWeights: true });
    // Scores 0 and −½; then minus the weights of the first step.
    const first = 1 / (1 + Math.exp(-0.5));
    const second = 1 / (1 + Math.exp(-0.5 - (1 - first) + first));
    expect(values(weights)).toEqual([first, 1 - first, 0, second, 1 - second, 0].map((x) => expect.closeTo(x, 6)));
    expect(values(context)).toEqual([1 - first, 0, 1 - second, 0].map((x) => expect.closeTo(x, 6)));
    expect(values(state!['looks'])).toEqual([first + second, 2 - first - second, 0].map((x) => expect.closeTo(x, 6)));

    const parts = mechanism.parts(query, prepared);
    // What is padding, nothing sees: it is 0.
    expect(values(parts.scores)).toEqual([0, -0.5, 0, -first, -0.5 - 1 + first, 0].map((x) => expect.closeTo(x, 6)));
    expect(values(parts.states['looks'])).toEqual([0, 0, 0, first, 1 - first, 0].map((x) => expect.closeTo(x, 6)));
    const { logSumExp } = mechanism.attend(query, prepared, { returnLogSumExp: true });
    const sums = [1 + Math.exp(-0.5), Math.exp(-first) + Math.exp(-0.5 - 1 + first)];
    expect(values(logSumExp)).toEqual(sums.map((sum) => expect.closeTo(Math.log(sum), 6)));
    const nothing = mechanism.prepare(memory, { lengths: [0] });
    expect(values(mechanism.attend(query, nothing, { returnLogSumExp: true }).logSumExp)).toEqual([
      -Infinity,
      -Infinity,
    ]);
    expect(codeOf(() => mechanism.attend(query, prepared, { bias: tf.zeros([2, 3]) }))).toBe('INVALID_ARGUMENT');

    const again = createMechanism(mechanism.config(), { gamma: tf.scalar(2) }, { mechanisms });
    expect(values(again.parts(query, again.prepare(memory)).scores).slice(1, 3)).toEqual([-2, -18]);
    const use = { batch: 1, keys: 3, queries: 1, calls: 2 };
    expect(costOfMechanism(config, use, { mechanisms })).toMatchObject({
      parameters: 1,
      forward: { multiplyAdds: 12 },
    });
    mechanism.dispose();
    again.dispose();
  });

  it('is known only where its list is given, and its options are checked as all are', () => {
    expect(codeOf(() => createMechanism(config))).toBe('UNKNOWN_NAME');
    expect(codeOf(() => costOfMechanism(config, { batch: 1, keys: 1, queries: 1, calls: 1 }))).toBe('UNKNOWN_NAME');
    expect(() => createMechanism({ ...config, kind: 'nearnes' }, undefined, { mechanisms })).toThrow(
      /did you mean 'nearness'\?/,
    );
    expect(() => createMechanism({ ...config, wide: 3 }, undefined, { mechanisms })).toThrow(/no option 'wide'/);
    expect(codeOf(() => createMechanism(config, undefined, { mechanism: mechanisms } as object))).toBe(
      'UNKNOWN_OPTION',
    );
  });
});

it('refuses uses that make no sense', () => {
  const config = configOf(DEFINITIONS[0]!);
  const use = { batch: 1, keys: 2, queries: 3, calls: 1 };
  expect(codeOf(() => costOfMechanism(config, { ...use, keys: -1 }))).toBe('INVALID_ARGUMENT');
  expect(codeOf(() => costOfMechanism(config, { ...use, key: 1 } as never))).toBe('UNKNOWN_OPTION');
  expect(codeOf(() => costOfMechanism({ kind: 'additive' }, use))).toBe('CONFIG_INVALID');
  expect(codeOf(() => costOfMechanism(null, use))).toBe('CONFIG_INVALID');
});

/** The tags of a piece of MathML that are closed in another order than they were opened, or never. */
function unclosed(math: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, end] of math.matchAll(/<(\/?)([a-z]+)(?:\s+[\w-]+="[^"<>]*")*\s*(\/?)>|</g)) {
    if (name === undefined) return ['<'];
    if (end === '/') continue;
    if (slash !== '/') open.push(name);
    else if (open.pop() !== name) return [`/${name}`];
  }
  return open;
}
