import { argsOf, neededSteps, type HookFunction, type HookPart, type Step, type Variable } from '@heed/core';
import { fieldOffset } from '../request.js';
import { Body, I32, V128, encodeModule, type Imported, type Instruction } from './encoder.js';

/**
 * A hook over a tile of scores as WebAssembly, four keys at a time: rows of queries [i0, i0 + rows), keys [j0, j0 + cols). What doesn't
 * depend on the key is found once a row.
 */

/** Parameters of the function: addresses of the request, of the tile and of one more, then where the tile is. */
const PARAMETERS = ['request', 'tile', 'other', 'batch', 'head', 'i0', 'rows', 'j0', 'cols'] as const;
type Parameter = (typeof PARAMETERS)[number];
const P = Object.fromEntries(PARAMETERS.map((name, n) => [name, n])) as Readonly<Record<Parameter, number>>;

export type TileFunction = (
  request: number,
  tile: number,
  other: number,
  batch: number,
  head: number,
  i0: number,
  rows: number,
  j0: number,
  cols: number,
) => void;

/** Bytes of a row of a tile: assembly/tile.ts. */
const TILE_ROW = 512;

/** Functions of vectors that the kernels' module exports. */
const MATH: readonly Imported[] = [
  { name: 'hookExp', arity: 1 },
  { name: 'hookLog', arity: 1 },
  { name: 'hookTanh', arity: 1 },
  { name: 'hookPow', arity: 2 },
];

/** What becomes of a tile. */
export type Effect =
  /** Scores are replaced by the result. */
  | { readonly kind: 'score'; readonly result: number }
  /** Scores are −∞ where the result is false. */
  | { readonly kind: 'mask'; readonly result: number }
  /**
   * `tile` has the scores before the hook and `other` the gradients after it, which are replaced by those before it; those in captured
   * tensors are summed up. Where a gradient is 0 nothing comes of the position.
   */
  | {
      readonly kind: 'gradient';
      readonly result: number | undefined;
      readonly reads: readonly { readonly read: number; readonly gradient: number }[];
    };

/** @param ranks number of axes of each captured tensor */
export function emitHook(
  steps: readonly Step[],
  captures: HookPart['captures'],
  effect: Effect,
  isShared: boolean,
): Uint8Array<ArrayBuffer> {
  return encodeModule(new Emitter(steps, captures, effect).write(), PARAMETERS.length, MATH, isShared);
}

class Emitter {
  readonly #body = new Body(PARAMETERS.length);
  readonly #steps: readonly Step[];
  readonly #captures: HookPart['captures'];
  readonly #effect: Effect;
  readonly #needed: ReadonlySet<number>;
  readonly #varies: boolean[] = [];
  readonly #values: number[] = [];
  /** For a step of kind 'read': its places in the packed captures, −1 outside. */
  readonly #places = new Map<number, number>();
  readonly #sums = new Map<number, number>();
  readonly #query = this.#body.local(I32);
  readonly #column = this.#body.local(I32);
  readonly #row = this.#body.local(I32);
  readonly #at = this.#body.local(I32);
  readonly #data = this.#body.local(I32);
  readonly #sumsAt = this.#body.local(I32);
  readonly #layout = this.#body.local(I32);
  readonly #found = this.#body.local(V128);
  readonly #place = this.#body.local(I32);
  readonly #rowOffset = this.#body.local(I32);

  constructor(steps: readonly Step[], captures: HookPart['captures'], effect: Effect) {
    this.#steps = steps;
    this.#captures = captures;
    this.#effect = effect;
    const reads = effect.kind === 'gradient' ? effect.reads : [];
    const results = [
      ...(effect.result === undefined ? [] : [effect.result]),
      ...reads.flatMap(({ read, gradient }) => [read, gradient]),
    ];
    this.#needed = neededSteps(steps, results);
    for (const [n, step] of steps.entries()) {
      const own =
        step.kind === 'input' || step.kind === 'cotangent' || (step.kind === 'variable' && step.name === 'key');
      this.#varies[n] = own || argsOf(step).some((arg) => this.#varies[arg]);
      if (this.#needed.has(n)) this.#values[n] = this.#body.local(V128);
    }
  }

  write(): Body {
    const body = this.#body;
    for (const [local, field] of [
      [this.#data, 'captures'],
      [this.#sumsAt, 'dCaptures'],
      [this.#layout, this.#effect.kind === 'mask' ? 'maskLayout' : 'scoreLayout'],
    ] as const) {
      body.get(P.request).memory('i32.load', 2, fieldOffset(field)).set(local);
    }
    const reads = this.#effect.kind === 'gradient' ? this.#effect.reads : [];
    body.count(this.#row, P.rows, 1, () => {
      body.get(P.i0).get(this.#row).op('i32.add').set(this.#query);
      body.get(this.#row).int(TILE_ROW).op('i32.mul').set(this.#rowOffset);
      this.#writeSteps(false);
      for (const { read } of reads) {
        if (this.#varies[read]) continue;
        if (!this.#sums.has(read)) this.#sums.set(read, body.local(V128));
        body.float(0).set(this.#sums.get(read)!);
      }
      body.int(0).set(this.#column);
      body.count(this.#column, P.cols, 4, () => {
        body.get(this.#column).int(2).op('i32.shl').get(this.#rowOffset).op('i32.add').set(this.#at);
        this.#writeSteps(true);
        this.#writeEffect();
      });
      for (const { read } of reads) if (!this.#varies[read]) this.#addRow(read);
    });
    return body;
  }

  #writeSteps(varying: boolean): void {
    for (const [n, step] of this.#steps.entries()) {
      if (!this.#needed.has(n) || this.#varies[n] !== varying) continue;
      this.#writeStep(step, n);
      this.#body.set(this.#values[n]);
    }
  }

  /** Leaves the step's value on the stack. */
  #writeStep(step: Step, n: number): void {
    const body = this.#body;
    switch (step.kind) {
      case 'number':
        body.float(step.value);
        break;
      case 'variable':
        this.#writeVariable(step.name);
        break;
      case 'input':
        this.#address(P.tile).memory('v128.load', 2);
        break;
      case 'cotangent':
        this.#address(P.other).memory('v128.load', 2);
        break;
      case 'read':
        this.#writeRead(step, n);
        break;
      case 'apply':
        FORMULAS[step.name](
          body,
          step.args.map((arg) => () => void body.get(this.#values[arg])),
        );
        break;
    }
  }

  #address(base: number): Body {
    return this.#body.get(base).get(this.#at).op('i32.add');
  }

  #writeVariable(name: Variable): void {
    const body = this.#body;
    switch (name) {
      case 'batch':
      case 'head':
        body.get(P[name]);
        break;
      case 'query':
        body.get(this.#query);
        break;
      case 'key':
        body.get(P.j0).get(this.#column).op('i32.add');
        break;
      case 'Tq':
      case 'Tk':
        body.get(P.request).memory('i32.load', 2, fieldOffset(name === 'Tq' ? 'queries' : 'keys'));
        break;
    }
    body.op('f32.convert_i32_s').op('f32x4.splat');
    if (name === 'key') body.floats(0, 1, 2, 3).op('f32x4.add');
  }

  #writeRead({ capture, indices }: Extract<Step, { kind: 'read' }>, n: number): void {
    const body = this.#body;
    const places = body.local(V128);
    const inside = body.local(V128);
    this.#places.set(n, places);
    const layout = this.#layoutOf(capture);
    body.int(0).op('i32x4.splat').set(places);
    body.int(-1).op('i32x4.splat').set(inside);
    for (const [axis, index] of indices.entries()) {
      const floor = body.local(V128);
      const length = body.local(V128);
      body
        .get(this.#layout)
        .memory('i32.load', 2, layout + 4 * (axis + 1))
        .op('i32x4.splat')
        .set(length);
      body.get(this.#values[index]).op('f32x4.floor').set(floor);
      // 0 ≤ index < length, as whole numbers: NaN becomes 0, so it is asked for before.
      body.get(floor).op('i32x4.trunc_sat_f32x4_s').get(length).op('i32x4.lt_s');
      body.float(0).get(floor).op('f32x4.le').op('v128.and');
      body.get(inside).op('v128.and').set(inside);
      body.get(places).get(length).op('i32x4.mul');
      body.get(floor).op('i32x4.trunc_sat_f32x4_s').op('i32x4.add').set(places);
    }
    body.get(this.#layout).memory('i32.load', 2, layout).op('i32x4.splat').get(places).op('i32x4.add');
    body.int(-1).op('i32x4.splat').get(inside).op('v128.bitselect').set(places);
    body.float(NaN).set(this.#found);
    const load = (lane: number): void => {
      body.get(places).int(0).op('i32x4.splat').op('i32x4.max_s').op('i32x4.extract_lane', lane);
      body.int(2).op('i32.shl').get(this.#data).op('i32.add').memory('f32.load', 2);
    };
    if (this.#varies[n]) {
      for (let lane = 0; lane < 4; lane++) {
        body.get(this.#found);
        load(lane);
        body.op('f32x4.replace_lane', lane).set(this.#found);
      }
    } else {
      load(0);
      body.op('f32x4.splat').set(this.#found);
    }
    body.get(this.#found).float(NaN).get(inside).op('v128.bitselect');
  }

  /** Where the description of a captured tensor begins: its start, then its lengths. */
  #layoutOf(capture: number): number {
    return this.#captures.slice(0, capture).reduce((bytes, { shape }) => bytes + 4 * (1 + shape.length), 0);
  }

  #writeEffect(): void {
    const body = this.#body;
    const effect = this.#effect;
    switch (effect.kind) {
      case 'score':
        this.#address(P.tile).get(this.#values[effect.result]).memory('v128.store', 2);
        break;
      case 'mask':
        this.#address(P.tile);
        this.#address(P.tile).memory('v128.load', 2);
        body.float(-Infinity).get(this.#values[effect.result]).op('v128.bitselect').memory('v128.store', 2);
        break;
      case 'gradient': {
        const none = body.local(V128);
        this.#address(P.other).memory('v128.load', 2).float(0).op('f32x4.eq').set(none);
        for (const { read, gradient } of effect.reads) {
          body.get(this.#values[gradient]).get(none).op('v128.andnot').set(this.#found);
          if (this.#varies[read]) this.#addLanes(read);
          else this.#addLowAndHigh(this.#sums.get(read)!);
        }
        this.#address(P.other);
        if (effect.result === undefined) body.float(0);
        else body.get(this.#values[effect.result]).get(none).op('v128.andnot');
        body.memory('v128.store', 2);
        break;
      }
    }
  }

  /** Adds four gradients to where they were read. */
  #addLanes(read: number): void {
    const body = this.#body;
    for (let lane = 0; lane < 4; lane++) {
      this.#addAt(read, lane, () => {
        body.get(this.#found).op('f32x4.extract_lane', lane).op('f64.promote_f32');
      });
    }
  }

  /** Adds a row's gradients, of one place, to it: they are summed up in float64. */
  #addRow(read: number): void {
    const body = this.#body;
    const sums = this.#sums.get(read)!;
    this.#addAt(read, 0, () => {
      body.get(sums).op('f64x2.extract_lane', 0).get(sums).op('f64x2.extract_lane', 1).op('f64.add');
    });
  }

  /** Adds four gradients to two sums. */
  #addLowAndHigh(sums: number): void {
    const body = this.#body;
    body.get(sums).get(this.#found).op('f64x2.promote_low_f32x4').op('f64x2.add');
    body.get(this.#found).get(this.#found).shuffle(2, 3, 0, 1);
    body.op('f64x2.promote_low_f32x4').op('f64x2.add').set(sums);
  }

  #addAt(read: number, lane: number, write: () => void): void {
    const body = this.#body;
    body.get(this.#places.get(read)!).op('i32x4.extract_lane', lane).set(this.#place);
    body.get(this.#place).int(0).op('i32.ge_s').open('if');
    body.get(this.#place).int(3).op('i32.shl').get(this.#sumsAt).op('i32.add').set(this.#place);
    body.get(this.#place);
    body.get(this.#place).memory('f64.load', 3);
    write();
    body.op('f64.add').memory('f64.store', 3);
    body.op('end');
  }
}

type Formula = (body: Body, args: readonly (() => void)[]) => void;

/** An instruction of its arguments. */
const instruction =
  (name: Instruction): Formula =>
  (body, args) => {
    for (const arg of args) arg();
    body.op(name);
  };

const call =
  (name: string): Formula =>
  (body, args) => {
    for (const arg of args) arg();
    body.op(
      'call',
      MATH.findIndex((one) => one.name === name),
    );
  };

/** ⌊⌊a⌋ / ⌊b⌋⌋ where a quotient that is whole may come out a little less: half a unit keeps away from that edge. */
const quotient: Formula = (body, [a, b]) => {
  a();
  body.op('f32x4.floor').float(0.5);
  b();
  body.float(-0).op('v128.and').op('v128.or').op('f32x4.add');
  b();
  body.op('f32x4.floor').op('f32x4.div').op('f32x4.floor');
};

/** Truth values have all bits of a lane. */
const FORMULAS: { readonly [Name in HookFunction]: Formula } = {
  add: instruction('f32x4.add'),
  sub: instruction('f32x4.sub'),
  mul: instruction('f32x4.mul'),
  div: instruction('f32x4.div'),
  neg: instruction('f32x4.neg'),
  abs: instruction('f32x4.abs'),
  min: instruction('f32x4.min'),
  max: instruction('f32x4.max'),
  exp: call('hookExp'),
  log: call('hookLog'),
  tanh: call('hookTanh'),
  sigmoid: (body, [a]) => {
    body.float(1).float(1);
    a();
    body.op('f32x4.neg');
    call('hookExp')(body, []);
    body.op('f32x4.add').op('f32x4.div');
  },
  sqrt: instruction('f32x4.sqrt'),
  pow: call('hookPow'),
  floorDiv: quotient,
  mod: (body, args) => {
    args[0]();
    body.op('f32x4.floor');
    args[1]();
    body.op('f32x4.floor');
    quotient(body, args);
    body.op('f32x4.mul').op('f32x4.sub');
  },
  lt: instruction('f32x4.lt'),
  le: instruction('f32x4.le'),
  eq: instruction('f32x4.eq'),
  and: instruction('v128.and'),
  or: instruction('v128.or'),
  not: instruction('v128.not'),
  select: (body, [condition, a, b]) => {
    a();
    b();
    condition();
    body.op('v128.bitselect');
  },
};
