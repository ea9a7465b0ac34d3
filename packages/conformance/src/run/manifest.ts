import * as tf from '@tensorflow/tfjs-core';
import { OPS, OPTIONS, SIZES, declarationOf, type OpName, type OpRequest, type SelectedBackend } from '@heed/core';
import type { AgreementCase, Case, ManifestCase } from '../case.js';
import { draw } from '../draw.js';
import { TESTED_OPS } from '../ops/table.js';
import { FORMULA_NAMES } from '../oracle/normalizers.js';
import { Performer } from '../perform.js';
import type { Example } from '../example.js';
import { BIASES, MASKS, declaredExamples, isWithinLimits } from './declared.js';
import type { Finding, Session } from './session.js';

/** Check that compares what a backend declares or claims with what it does. It returns sentences about what is wrong. */
type Check = (session: Session, cases: readonly Case[]) => Promise<readonly string[]> | readonly string[];

export async function runManifest({ check }: ManifestCase, session: Session, cases: readonly Case[]): Promise<Finding> {
  return { failures: await CHECKS[check](session, cases) };
}

const CHECKS: Readonly<Record<ManifestCase['check'], Check>> = {
  'describes-itself': ({ backend, factory }) => {
    const { capabilities: claims } = backend;
    const { ops, masks, biases, normalizers, options, limits } = declarationOf(backend);
    return [
      ...unless(backend.name.length > 0, 'name is empty'),
      ...unless(backend.name === factory.name, `name is '${backend.name}', its factory's is '${factory.name}'`),
      ...unless(backend.engine === tf.getBackend(), `engine '${backend.engine}' isn't in use: '${tf.getBackend()}' is`),
      ...unless(Number.isInteger(claims.threads) && claims.threads >= 1, `threads is ${claims.threads}`),
      ...unless([16, 32].includes(claims.floatBits), `floatBits is ${claims.floatBits}`),
      ...unless([16, 32, 64].includes(claims.accumulatorBits), `accumulatorBits is ${claims.accumulatorBits}`),
      ...unless(['none', 'simd', 'relaxed'].includes(claims.simd), `simd is '${claims.simd}'`),
      ...unless(typeof claims.deterministic === 'boolean', `deterministic is ${String(claims.deterministic)}`),
      ...unknown('kernels', ops, Object.keys(OPS), 'op'),
      ...unknown('takes.masks', masks, Object.keys(MASKS), 'part of a mask'),
      ...unknown('takes.biases', biases, Object.keys(BIASES), 'part of a bias'),
      ...unknown('takes.normalizers', normalizers, FORMULA_NAMES, 'normaliser'),
      ...unknown('takes.options', options, OPTIONS, 'option'),
      ...unknown('takes.limits', Object.keys(limits), SIZES, 'size'),
      ...unknown('skips', claims.skips, masks, 'part of a mask that it takes'),
      ...claims.notes.flatMap((note) => unless(note.trim().length > 0, 'a note is empty')),
    ];
  },

  'is-available': async ({ factory }) => {
    const reasons = await factory.unavailableReasons();
    return unless(reasons.length === 0, `runs, but gives reasons why it can't: ${reasons.join('; ')}`);
  },

  'declared-requests-are-taken': ({ backend }) =>
    knownOps(backend).flatMap((op) => {
      const declared = declaredExamples(backend, op);
      if (declared.length === 0) return [`${op} has kernels, but what it can't do without isn't declared`];
      return declared.flatMap(({ what, example }) => {
        const request = requestOf(example);
        if (!isWithinLimits(backend, request)) return [];
        const reasons = backend.unsupportedReasons(request);
        return unless(reasons.length === 0, `${op} ${what} is declared, but declined: ${reasons.join('; ')}`);
      });
    }),

  'reasons-are-given': ({ backend }, cases) => [
    ...Object.values(TESTED_OPS).flatMap(({ plain }) => {
      const hasKernels = knownOps(backend).includes(plain.op);
      const { length } = backend.unsupportedReasons(requestOf(plain));
      return unless(hasKernels || length > 0, `${plain.op} has no kernels, but no reason is given`);
    }),
    ...examplesOf(cases).flatMap(({ id, example }) => {
      const reasons: unknown = backend.unsupportedReasons(requestOf(example));
      const sound = Array.isArray(reasons) && reasons.every((reason) => typeof reason === 'string' && reason.trim());
      return unless(sound, `the reasons for ${id} aren't sentences: ${JSON.stringify(reasons)}`);
    }),
  ],

  'reasons-are-pure': ({ backend }, cases) => {
    const requests = examplesOf(cases).map(({ example }) => requestOf(example));
    const before = JSON.stringify(requests);
    const { numTensors, numDataBuffers } = tf.memory();
    const [first, second] = [0, 1].map(() => JSON.stringify(requests.map((one) => backend.unsupportedReasons(one))));
    const after = tf.memory();
    return [
      ...unless(JSON.stringify(requests) === before, 'unsupportedReasons changes the request'),
      ...unless(first === second, 'unsupportedReasons gives other reasons the second time'),
      ...unless(
        after.numTensors === numTensors && after.numDataBuffers === numDataBuffers,
        'unsupportedReasons allocates',
      ),
    ];
  },

  'skips-are-taken': ({ backend }) =>
    backend.capabilities.skips.flatMap((part) =>
      knownOps(backend).flatMap((op) => {
        if (!Object.hasOwn(OPS[op].fields, 'mask')) return [];
        const [plain] = declaredExamples(backend, op);
        if (plain === undefined) return [];
        const reasons = backend.unsupportedReasons(requestOf({ ...plain.example, mask: MASKS[part] }));
        return unless(reasons.length === 0, `${part} is listed in skips, but ${op} declines it: ${reasons.join('; ')}`);
      }),
    ),

  'replaced-kernels-are-listed': ({ backend }) => {
    const registered = (backend.engineKernels ?? []).map(({ kernelName }) => kernelName);
    const listed = backend.capabilities.replaces;
    const inUse = (backend.engineKernels ?? []).filter(
      ({ kernelName, kernelFunc }) => tf.getKernel(kernelName, backend.engine)?.kernelFunc !== kernelFunc,
    );
    return [
      ...unless(
        registered.toSorted().join() === listed.toSorted().join(),
        `replaces lists [${listed}], but engineKernels are [${registered}]`,
      ),
      ...inUse.map(({ kernelName }) => `${kernelName} is replaced, but not in use`),
    ];
  },
};

/** Ops that the backend has kernels for, without those that core doesn't know. */
const knownOps = (backend: SelectedBackend): OpName[] =>
  declarationOf(backend).ops.filter((op) => Object.hasOwn(TESTED_OPS, op));

function unless(holds: boolean, fault: string): string[] {
  return holds ? [] : [fault];
}

function unknown(where: string, listed: readonly string[], known: readonly string[], what: string): string[] {
  return listed.flatMap((name) => unless(known.includes(name), `${where} lists '${name}', which is no ${what}`));
}

function examplesOf(cases: readonly Case[]): readonly AgreementCase[] {
  return cases.filter((one) => one.kind === 'agreement');
}

/** Request that core makes of an example. */
function requestOf(example: Example): OpRequest {
  const performer = new Performer(draw(example, 0));
  try {
    return performer.explain().request;
  } finally {
    performer.dispose();
  }
}
