import type { LinearAttentionRequest, LinearInputs } from '@heed/core';
import type { Arrays, ArrayKernels } from '../reference-backend.js';
import { map, type Mutant } from './mutant.js';

const OTHERS = ['masks', 'additive', 'normalizers', 'errors'] as const;

type Inputs = Arrays<LinearInputs>;
type Request = LinearAttentionRequest;

/** Forward, of other inputs or another request than was asked for. */
const reading =
  (change: (inputs: Inputs, request: Request) => { inputs?: Inputs; request?: Request }): Mutant['kernels'] =>
  (right) => ({
    linearAttention: (inputs, request) => {
      const changed = change(inputs, request);
      return right.linearAttention(changed.inputs ?? inputs, changed.request ?? request);
    },
  });

/** What may go wrong with a state: when it decays, what it is corrected by, where it comes from and who reads it. */
export const linearMutants: readonly Mutant[] = [
  {
    id: 'decay of the step before',
    group: 'linear',
    reason: /linear\/gated\/base: context/,
    spares: OTHERS,
    kernels: reading((inputs, { logDecay }) => {
      if (logDecay === null || logDecay[2] === 1) return {};
      const [, , steps, width] = logDecay;
      const before = (n: number): number => (Math.floor(n / width) % steps === 0 ? n : n - width);
      return { inputs: { ...inputs, logDecay: map(inputs.logDecay!, (_, n) => inputs.logDecay![before(n)]) } };
    }),
  },
  {
    id: 'beta forgotten',
    group: 'linear',
    reason: /linear\/delta\/base: context/,
    spares: OTHERS,
    kernels: reading((_, request) => ({ request: { ...request, beta: null } })),
  },
  {
    id: 'state not carried',
    group: 'linear',
    reason: /linear\/linear\/carried: context/,
    spares: OTHERS,
    kernels: reading((inputs) => ({ inputs: { ...inputs, initialState: undefined } })),
  },
  {
    id: 'last step of a chunk not written',
    group: 'linear',
    reason: /linear\/linear\/t16: context/,
    spares: OTHERS,
    kernels: reading((inputs, { keys, valueWidth }) => ({
      inputs: {
        ...inputs,
        value: map(inputs.value, (x, n) => ((Math.floor(n / valueWidth) % keys) % 16 === 15 ? 0 : x)),
      },
    })),
  },
  {
    id: 'steps past the length written',
    group: 'linear',
    reason: /linear\/linear\/ragged: state/,
    spares: OTHERS,
    kernels: reading((_, request) => ({ request: { ...request, lengths: null } })),
  },
  {
    id: 'contexts not scaled',
    group: 'linear',
    reason: /linear\/linear\/base: context/,
    spares: OTHERS,
    kernels: reading((_, request) => ({ request: { ...request, scale: 1 } })),
  },
  {
    id: 'grouped heads interleaved',
    group: 'linear',
    reason: /linear\/linear\/groups: context/,
    spares: OTHERS,
    kernels: (right) => ({ linearAttention: interleaved(right) }),
  },
  {
    id: 'gradient through the last state ignored',
    group: 'linear',
    reason: /linear\/linear\/loss-in-state: dKey/,
    spares: OTHERS,
    kernels: (right) => ({
      linearAttentionGrad: (inputs, request) => right.linearAttentionGrad({ ...inputs, dState: undefined }, request),
    }),
  },
  {
    id: 'zero gradient of the decay',
    group: 'linear',
    reason: /linear\/gated\/differences: dLogDecay/,
    spares: OTHERS,
    kernels: (right) => ({
      linearAttentionGrad: (inputs, request) => {
        const gradients = right.linearAttentionGrad(inputs, request);
        const { dLogDecay } = gradients;
        return { ...gradients, ...(dLogDecay && { dLogDecay: map(dLogDecay, () => 0) }) };
      },
    }),
  },
];

/** Query head h reads key head h mod Hk, not ⌊h / (Hq/Hk)⌋. */
function interleaved(right: ArrayKernels): ArrayKernels['linearAttention'] {
  return (inputs, request) => {
    const { heads, keyHeads, queries } = request;
    const place = (h: number): number => (h % keyHeads) * (heads / keyHeads) + Math.floor(h / keyHeads);
    const moved = (values: ArrayLike<number>, width: number, from: (h: number) => number): Float64Array => {
      const block = queries * width;
      return map(values, (_, n) => {
        const head = Math.floor(n / block);
        return values[(head - (head % heads) + from(head % heads)) * block + (n % block)];
      });
    };
    const inverse = Array.from({ length: heads }, (_, h) => h).toSorted((a, b) => place(a) - place(b));
    const query = moved(inputs.query, request.width, (p) => inverse[p]);
    const outputs = right.linearAttention({ ...inputs, query }, request);
    return { ...outputs, context: moved(outputs.context, request.valueWidth, place) };
  };
}
