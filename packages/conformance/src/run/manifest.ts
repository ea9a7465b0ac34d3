import * as tf from '@tensorflow/tfjs-core';
import type { AttentionBackend, OpName, OpRequest } from '@heed/core';
import type { AgreementCase, Case, ManifestCase } from '../case.js';
import { draw } from '../draw.js';
import { Performer } from '../perform.js';
import type { MaskSpec, Problem } from '../problem.js';
import { add, dot, weigh } from '../problems.js';
import type { Finding, Session } from './session.js';

/** What the capabilities claim, held against what the backend does. Each check returns what is wrong. */
type Check = (session: Session, cases: readonly Case[]) => Promise<readonly string[]> | readonly string[];

export async function runManifest({ check }: ManifestCase, session: Session, cases: readonly Case[]): Promise<Finding> {
  return { failures: await CHECKS[check](session, cases) };
}

const PLAIN: Readonly<Record<OpName, Problem>> = {
  dotProductAttention: dot(),
  additiveAttention: add(),
  weightedContext: weigh(),
};

const SKIPS: Readonly<Record<AttentionBackend['capabilities']['skips'][number], MaskSpec>> = {
  band: { kind: 'slidingWindow', left: 2, right: 1, align: 'bottom-right' },
  lengths: { kind: 'padding', lengths: [3, 7] },
  segments: {
    kind: 'segments',
    query: [
      [0, 0, 1, 1, 1],
      [0, 0, 0, 0, 0],
    ],
    key: [
      [0, 0, 0, 1, 1, 1, 1],
      [0, 0, 0, 0, 1, 1, 1],
    ],
  },
};

const CHECKS: Readonly<Record<ManifestCase['check'], Check>> = {
  'describes-itself': ({ backend, factory }) => {
    const { capabilities: claims } = backend;
    return [
      ...unless(backend.name.length > 0, 'name is empty'),
      ...unless(backend.name === factory.name, `name is '${backend.name}', its factory's is '${factory.name}'`),
      ...unless(backend.engine === tf.getBackend(), `engine '${backend.engine}' isn't in use: '${tf.getBackend()}' is`),
      ...unless(Number.isInteger(claims.threads) && claims.threads >= 1, `threads is ${claims.threads}`),
      ...unless([16, 32].includes(claims.floatBits), `floatBits is ${claims.floatBits}`),
      ...unless([16, 32, 64].includes(claims.accumulatorBits), `accumulatorBits is ${claims.accumulatorBits}`),
      ...unless(['none', 'simd', 'relaxed'].includes(claims.simd), `simd is '${claims.simd}'`),
      ...unless(typeof claims.deterministic === 'boolean', `deterministic is ${String(claims.deterministic)}`),
      ...claims.fused.flatMap((op) => unless(op in PLAIN, `fused lists '${op}', which is no op`)),
      ...claims.skips.flatMap((part) => unless(part in SKIPS, `skips lists '${part}', which is no part of a mask`)),
      ...claims.notes.flatMap((note) => unless(note.trim().length > 0, 'a note is empty')),
    ];
  },

  'is-available': async ({ factory }) => {
    const reasons = await factory.unavailableReasons();
    return unless(reasons.length === 0, `runs, but gives reasons why it can't: ${reasons.join('; ')}`);
  },

  'fused-ops-take-plain-requests': ({ backend }) =>
    backend.capabilities.fused.flatMap((op) => {
      const reasons = backend.unsupportedReasons(requestOf(PLAIN[op]));
      return unless(
        reasons.length === 0,
        `${op} is listed as fused but declines a plain request: ${reasons.join('; ')}`,
      );
    }),

  'reasons-are-given': ({ backend }, cases) => [
    ...Object.entries(PLAIN).flatMap(([op, problem]) => {
      const fused = backend.capabilities.fused.includes(op as OpName);
      const { length } = backend.unsupportedReasons(requestOf(problem));
      return unless(fused || length > 0, `${op} isn't listed as fused, but no reason is given`);
    }),
    ...problemsOf(cases).flatMap(({ id, problem }) => {
      const reasons: unknown = backend.unsupportedReasons(requestOf(problem));
      const sound = Array.isArray(reasons) && reasons.every((reason) => typeof reason === 'string' && reason.trim());
      return unless(sound, `the reasons for ${id} aren't sentences: ${JSON.stringify(reasons)}`);
    }),
  ],

  'reasons-are-pure': ({ backend }, cases) => {
    const requests = problemsOf(cases).map(({ problem }) => requestOf(problem));
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
      backend.capabilities.fused.flatMap((op) => {
        const reasons = backend.unsupportedReasons(requestOf({ ...PLAIN[op], mask: SKIPS[part] }));
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

function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}

function problemsOf(cases: readonly Case[]): readonly AgreementCase[] {
  return cases.filter((one) => one.kind === 'agreement');
}

/** The request that core makes of a problem. */
function requestOf(problem: Problem): OpRequest {
  const performer = new Performer(draw(problem, 0));
  try {
    return performer.explain().request;
  } finally {
    performer.dispose();
  }
}
