import type { Node } from '../tape.js';
import { entmax } from './entmax.js';
import type { ConfigOf, Formula, Row } from './formula.js';
import { attendByHeads, project, split, type Beside, type Variant } from './heads.js';
import type { Cube, Maths, Matrix, Vector } from './maths.js';
import { turned } from './rotary.js';

type Config = ConfigOf<'multiHead'>;
type Steps = Required<Variant>;

const EPSILON = 1e-6;

/** R of a span, unless an example says otherwise. */
const RAMP = 32;

export const multiHead: Formula<Config> = (row) => {
  const { heads, keyHeads, headWidth, qkNorm, gate } = row.config;
  return attendByHeads(
    row,
    { heads, keyHeads, width: headWidth },
    {
      place: placing(row),
      ...(qkNorm === 'l2' && { scale: 1 }),
      allows: allowing(row.config),
      scores: scoring(row),
      weigh: weighing(row),
      beside: besides(row),
      ...(row.parameters.has('weight_kernel') && {
        weights: (weights: Cube) => mixed(row, weights, row.parameters.matrix('weight_kernel')),
      }),
      ...(gate && { contexts: (contexts: Matrix, query: Vector) => gated(row, contexts, query) }),
    },
  );
};

/** Queries and keys: normed, then turned. */
function placing(row: Row<Config>): Steps['place'] {
  const { rotary } = row.config;
  return (which, heads, position) =>
    normed(row, which, heads).map((head) => (rotary === undefined ? head : turned(row.maths, head, position, rotary)));
}

/** Henry et al. 2020, eq. 5; Dehghani et al. 2023, §2. */
function normed({ maths, parameters, config }: Row<Config>, which: 'query' | 'key', heads: Matrix): Matrix {
  switch (config.qkNorm) {
    case 'head':
      return heads.map((head) => maths.rms(head, EPSILON, parameters.vector(`${which}_gain`)));
    case 'full':
      return split(maths.rms(heads.flat(), EPSILON, parameters.vector(`${which}_gain`)), heads.length);
    case 'l2':
      return heads.map((head) => {
        const direction = maths.rms(head, 0).map((x) => maths.scaled(x, 1 / Math.sqrt(head.length)));
        return which === 'key' ? direction : direction.map((x) => maths.mul(x, parameters.number('norm_scale')));
      });
    case undefined:
      return heads;
  }
}

/**
 * A learned key and value, which queries that aren't turned are compared with; a key and a value of zeros; and a logit without a value (Xiao et
 * al. 2023, §3.3).
 */
function besides(row: Row<Config>): Steps['beside'] {
  const { maths, parameters, config, query } = row;
  const { heads, keyHeads, headWidth, softCap, qkNorm } = config;
  const shared = (key: string, head: number): Vector =>
    split(parameters.vector(key), keyHeads)[Math.floor((head * keyHeads) / heads)];
  return (i, head) => {
    const all: Beside[] = [];
    if (config.learnedPosition) {
      const own = normed(row, 'query', split(project(row, 'query', query[i]), heads))[head];
      const product = maths.dot(own, shared('position_key', head));
      const scaled = qkNorm === 'l2' ? product : maths.scaled(product, 1 / Math.sqrt(headWidth));
      all.push({ score: capped(maths, scaled, softCap), value: shared('position_value', head) });
    }
    if (config.zeroPosition) all.push({ score: maths.constant(0) });
    if (config.sinks) all.push({ score: parameters.vector('sinks')[head] });
    return all;
  };
}

const capped = (maths: Maths, score: Node, cap: number | undefined): Node =>
  cap === undefined ? score : maths.scaled(maths.tanh(maths.scaled(score, 1 / cap)), cap);

function allowing({ span, streaming }: Config): Steps['allows'] {
  if (span !== undefined) return (i, j) => j <= i && i - j <= span.max;
  if (streaming !== undefined) {
    // Xiao et al. 2023, §3.2: the first positions and the last ones.
    return (i, j) => j <= i && (j < streaming.sinks || i - j < streaming.window);
  }
  return () => true;
}

/** Soft cap, then ALiBi (Press et al. 2021), learned distances (Shaw et al. 2018) and spans, then the mixing of heads. */
function scoring(row: Row<Config>): Steps['scores'] {
  const { maths, parameters, query } = row;
  const { softCap, alibi, relative, span, talkingHeads } = row.config;
  const slopes = alibi?.slopes ?? [];
  const table = relative && parameters.matrix('relative');
  const spans = span && query.map((x) => spansOf(row, x));
  const scoreOf = (product: Node, h: number, i: number, j: number): Node => {
    let score = capped(maths, product, softCap);
    if (alibi) score = maths.sub(score, maths.constant(slopes[h] * Math.abs(j - i)));
    if (table !== undefined) {
      const { reach } = relative!;
      const at = Math.min(Math.max(j - i, -reach), reach) + reach;
      score = maths.add(score, table[table.length === 1 ? 0 : h][at]);
    }
    return score;
  };
  return (products, open) => {
    const scores = products.map((rows, h) => rows.map((one, i) => one.map((product, j) => scoreOf(product, h, i, j))));
    if (spans !== undefined) return spanned(row, scores, spans);
    return talkingHeads === undefined
      ? scores
      : mixed(row, masked(row, scores, open), parameters.matrix('logit_kernel'));
  };
}

/** Sukhbaatar et al. 2019, eq. 6: z of each head, learned, or of the query. */
function spansOf(row: Row<Config>, query: Vector): Vector {
  const { maths, parameters } = row;
  const { max, dynamic } = row.config.span!;
  if (!dynamic) return parameters.vector('span');
  return project(row, 'span', query).map((z) => maths.scaled(maths.sigmoid(z), max));
}

/** The soft mask m = clamp((R + z − distance)/R, 0, 1) as log m in the scores, as weights are m·exp(s) over their sum. */
const spanned = ({ maths, config }: Row<Config>, scores: Cube, spans: Matrix): Cube =>
  scores.map((rows, h) =>
    rows.map((one, i) =>
      one.map((score, j) => {
        const { ramp = RAMP } = config.span!;
        const soft = maths.scaled(maths.add(spans[i][h], maths.constant(ramp - (i - j))), 1 / ramp);
        if (maths.value(soft) >= 1) return score;
        return maths.value(soft) <= 0 ? maths.constant(-Infinity) : maths.add(score, maths.log(soft));
      }),
    ),
  );

const masked = ({ maths }: Row<unknown>, scores: Cube, open: (i: number, j: number) => boolean): Cube =>
  scores.map((rows) => rows.map((one, i) => one.map((score, j) => (open(i, j) ? score : maths.constant(0)))));

/** Shazeer et al. 2020, §3: heads [H] → [G] by a kernel [H, G]. */
const mixed = ({ maths }: Row<unknown>, heads: Cube, kernel: Matrix): Cube =>
  kernel[0].map((_, to) =>
    heads[0].map((row, i) =>
      row.map((__, j) => maths.sum(heads.map((one, from) => maths.mul(one[i][j], kernel[from][to])))),
    ),
  );

function weighing({ maths, parameters, config }: Row<Config>): Steps['weigh'] {
  const alphaOf = (head: number): Node =>
    parameters.has('alpha')
      ? maths.add(maths.constant(1), maths.sigmoid(parameters.vector('alpha')[head]))
      : maths.constant(config.alpha as number);
  switch (config.normalizer) {
    case 'sigmoid':
      return (scores, open, head) =>
        scores.map((score, j) =>
          open(j) ? maths.sigmoid(maths.add(score, parameters.vector('sigmoid_bias')[head])) : maths.constant(0),
        );
    case 'entmax':
      return (scores, open, head) => entmax(maths, scores, open, alphaOf(head));
    case 'entmax15':
      return (scores, open) => entmax(maths, scores, open, maths.constant(1.5));
    case 'sparsemax':
      return (scores, open) => entmax(maths, scores, open, maths.constant(2));
    default:
      return (scores, open) => maths.softmax(scores, open);
  }
}

/** Qiu et al. 2025, eq. 5: contexts times σ of a projection of the query, each number by its own or a head as a whole. */
function gated({ maths, parameters }: Row<Config>, contexts: Matrix, query: Vector): Matrix {
  const gates = maths.affine(query, parameters.matrix('gate_kernel')).map((x) => maths.sigmoid(x));
  const each = gates.length / contexts.length;
  return contexts.map((head, h) => head.map((x, d) => maths.mul(x, gates[each === 1 ? h : h * each + d])));
}
