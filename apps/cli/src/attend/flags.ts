import { MECHANISM_FACTS } from '@heed/attention/facts';
import { kebab, refuseFlags } from '../flag-names.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

export interface AttendFlags extends CommonFlags, BackendFlag {
  readonly query?: string;
  readonly key?: string;
  readonly value?: string;
  readonly scores?: string;
  readonly mechanism?: string;
  readonly config?: string;
  readonly parameters?: string;
  readonly causal?: boolean;
  readonly align?: string;
  readonly offset?: number;
  readonly window?: readonly [number, number];
  readonly lengths?: readonly number[];
  readonly mask?: string;
  readonly maskAxes?: string;
  readonly bias?: string;
  readonly biasAxes?: string;
  readonly alibi?: boolean;
  readonly scale?: number;
  readonly softCap?: number;
  readonly normalizer?: string;
  readonly dropout?: number;
  readonly returns?: string;
  readonly rowLabels?: string;
  readonly columnLabels?: string;
  readonly out?: string;
  readonly seed: number;
}

/** How the flags are to be computed. */
export type Plan = 'scores' | 'dotProduct' | 'mechanism';

/** Which flags each way of computing can't honour: told, not dropped. */
const REFUSED: Readonly<Record<Plan, readonly (keyof AttendFlags)[]>> = {
  scores: ['query', 'key', 'mechanism', 'config', 'parameters', 'bias', 'biasAxes', 'alibi', 'scale', 'softCap'],
  dotProduct: ['config', 'parameters'],
  mechanism: ['softCap', 'normalizer'],
};

/** @throws UsageError for flags that miss or contradict one another */
export function planOf(flags: AttendFlags): Plan {
  const facts = MECHANISM_FACTS.find(({ kind }) => kind === mechanismOf(flags));
  const mechanism = kebab(mechanismOf(flags));
  if (facts === undefined) {
    const names = MECHANISM_FACTS.map(({ kind }) => kebab(kind));
    throw new UsageError(`there is no mechanism ${JSON.stringify(flags.mechanism)}`, suggest(mechanism, names));
  }
  const plan = flags.scores !== undefined ? 'scores' : facts.isOp ? 'dotProduct' : 'mechanism';
  refuseFlags(flags, REFUSED[plan], `with ${plan === 'scores' ? '--scores' : `--mechanism ${mechanism}`}`);
  if (plan === 'scores') {
    if (flags.value === undefined) throw new UsageError('--scores needs --value');
  } else if (flags.query === undefined) {
    throw new UsageError('--query is missing', 'give --query FILE, or --scores FILE with --value FILE');
  }
  if (plan === 'mechanism' && flags.scale !== undefined && !facts.options.includes('scale')) {
    throw new UsageError(`--scale means nothing with --mechanism ${mechanism}`);
  }
  if (flags.normalizer !== undefined && (flags.bias !== undefined || flags.alibi)) {
    throw new UsageError(
      `--${flags.alibi ? 'alibi' : 'bias'} can't be joined with --normalizer`,
      'give --scores that hold it',
    );
  }
  if (flags.align !== undefined && flags.align !== 'top-left' && flags.align !== 'bottom-right') {
    throw new UsageError(`--align ${flags.align}`, suggest(flags.align, ['top-left', 'bottom-right']));
  }
  for (const of of ['mask', 'bias'] as const) {
    if (flags[`${of}Axes`] !== undefined && flags[of] === undefined) {
      throw new UsageError(`--${of}-axes means nothing without --${of}`);
    }
  }
  const where = flags.align === undefined ? 'offset' : 'align';
  if (flags[where] !== undefined && !flags.causal && flags.window === undefined && !flags.alibi) {
    throw new UsageError(`--${where} means nothing without --causal, --window or --alibi`);
  }
  return plan;
}

/** As @heed/attention spells it. */
export const mechanismOf = ({ mechanism = 'scaled-dot-product' }: AttendFlags): string => camel(mechanism);

/** 'multi-head' and 'multiHead' as @heed/attention spells it. */
export const camel = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
