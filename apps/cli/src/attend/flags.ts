import { checkName, nameHint } from '@heed/base';
import type { Catalog } from '../catalog.js';
import { kebab, refuseFlags } from '../flag-names.js';
import type { AttendFlags } from '../commands/attend-command.js';
import { mechanismNames } from '../mechanism-names.js';
import { typed, UsageError } from '../usage-error.js';

/** How the flags are to be computed. */
export type Plan = 'scores' | 'dotProduct' | 'mechanism';

/** Which flags each way of computing can't honour: told, not dropped. */
const REFUSED: Readonly<Record<Plan, readonly (keyof AttendFlags)[]>> = {
  scores: ['query', 'key', 'mechanism', 'options', 'parameters', 'bias', 'biasAxes', 'alibi', 'scale', 'softCap'],
  dotProduct: ['options', 'parameters'],
  mechanism: ['softCap', 'normalizer'],
};

/** @throws UsageError for flags that miss or contradict one another */
export function planOf(flags: AttendFlags, { mechanisms }: Pick<Catalog, 'mechanisms'>): Plan {
  const mechanism = typed(() => checkName('mechanism', kebab(mechanismOf(flags)), mechanismNames({ mechanisms })));
  const facts = mechanisms.find(({ kind }) => kebab(kind) === mechanism)!;
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
    throw new UsageError(`--align ${flags.align}`, nameHint(flags.align, ['top-left', 'bottom-right']));
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
