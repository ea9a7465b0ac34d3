import type { OutputName } from '../example.js';
import { HELPERS } from './script-helpers.js';
import { callCode, declarations, inputNames, literal, malformedCode, maskCode } from './code.js';
import type { Done, Outcome } from './step.js';

const UNKNOWN_BACKEND = "import { subject } from './the-backend.js'; // its factory";

/**
 * JavaScript that does what a program did, with the expected numbers.
 *
 * @param failure message of the error that the program threw
 * @param setup   lines that define `subject`, the factory of the backend under test
 */
export function scriptOf(done: readonly Done[], failure: string, setup = UNKNOWN_BACKEND): string {
  const steps = done.map((step, n) => block(`${n + 1}: ${step.kind}`, [...codeOf(step), `after(${n + 1});`]));
  return [
    '// Fails, because:',
    ...failure.split('\n').map((line) => `//   ${line}`),
    "import * as tf from '@tensorflow/tfjs-core';",
    "import * as heed from '@heed/core';",
    setup,
    '',
    HELPERS.trim(),
    '',
    ...steps,
    "console.log('nothing failed');",
    '',
  ].join('\n');
}

function codeOf(step: Done): string[] {
  switch (step.kind) {
    case 'select':
      return [`active = backends.${step.name} = await heed.selectBackend(${step.backend});`];
    case 'disposeBackend':
      return [`await backends.${step.name}.dispose();`, `if (active === backends.${step.name}) active = undefined;`];
    case 'call':
      return callSteps(step);
    case 'gradients':
      return [
        ...declarations(step.instance, borrowed(step.query)),
        `const found = ${gradientsCode(step)};`,
        ...checks(step.outcome),
        'release(found);',
      ];
    case 'lateGradients':
      return lateSteps(step);
    case 'materialize':
      return [
        `const { batch, heads, queries, keys } = ${literal(step.sizes)};`,
        `const mask = heed.materialize(${maskCode(step.mask)}, { batch, heads, queries, keys });`,
        'const found = { mask: tf.tidy(() => tf.cast(tf.broadcastTo(mask, [batch, heads, queries, keys]), "float32")) };',
        `close('mask', found.mask, ${literal(step.allowed)}, 0);`,
        'release({ mask }, found);',
      ];
    case 'error':
      return [`refuses('${step.code}', () => ${malformedCode(step.call)});`, 'release();'];
    case 'disposeTensor':
      return [`held.get('${step.name}').tensor.dispose();`, `held.delete('${step.name}');`];
  }
}

function callSteps({ instance, query, fate, name, outcome }: Extract<Done, { kind: 'call' }>): string[] {
  const call = callCode(instance);
  const asked = fate === 'tidy' ? { context: outcome['context'] } : outcome;
  return [
    ...declarations(instance, borrowed(query)),
    `const found = ${fate === 'tidy' ? `tf.tidy(() => ({ context: ${call}.context }))` : call};`,
    ...checks(asked),
    ...(name === undefined
      ? [...(fate === 'dispose' ? [`same(found, ${call});`] : []), 'release(found);']
      : ['const { context, ...others } = found;', `keep('${name}', context);`, 'release(others);']),
  ];
}

function lateSteps({ instance, name, outcome }: Extract<Done, { kind: 'lateGradients' }>): string[] {
  const dispose = `() => { disposal = backends.${name}.dispose(); }`;
  const gradients = gradientsCode({ instance }, dispose);
  return [
    ...declarations(instance, {}),
    'let disposal;',
    ...(outcome === undefined
      ? [`refuses('DISPOSED', () => ${gradients});`, 'release();']
      : [`const found = ${gradients};`, ...checks(outcome), 'release(found);']),
    'await disposal;',
    'active = undefined;',
  ];
}

function gradientsCode({ instance }: Pick<Extract<Done, { kind: 'gradients' }>, 'instance'>, between?: string): string {
  const inputs = inputNames(instance);
  const cotangents = Object.fromEntries(
    (Object.keys(instance.cotangents) as OutputName[]).map((name) => [name, instance.cotangents[name]!.values]),
  );
  const given = [
    `{ ${inputs.join(', ')} }`,
    `() => ${callCode(instance)}`,
    literal(cotangents),
    ...(between ? [between] : []),
  ];
  return `gradients(${given.join(', ')})`;
}

const borrowed = (query: string | undefined): Record<string, string> =>
  query === undefined ? {} : { query: `held.get('${query}').tensor` };

// Digits of numbers that are compared within a bound.
const DIGITS = 12;

function checks(outcome: Outcome): string[] {
  return Object.entries(outcome).map(([name, { values, bound }]) => {
    const digits = Array.from(values, (x) => Number(x.toPrecision(DIGITS)));
    return `close('${name}', found.${name}, ${literal(digits)}, ${bound});`;
  });
}

function block(title: string, lines: readonly string[]): string {
  return [`{`, `  // ${title}`, ...lines.map((line) => `  ${line}`), '}'].join('\n');
}
