import { HeedError, checkOptions, type BackendFactory, type OptionNames } from '@heed/core';
import { GROUPS, type Case, type Group } from './case.js';
import { CASES } from './cases/index.js';
import type { CaseResult, ConformanceReport } from './report.js';
import { reportOf } from './run/report-of.js';
import { runCase } from './run/run-case.js';
import { Session } from './run/session.js';

export interface CaseSelection {
  /** Groups to run. Default: all. */
  readonly groups?: readonly string[];
  /** Ids of the cases to run, within the groups. Default: all. */
  readonly cases?: readonly string[];
  /** Reasons why cases fail, by id. Such a case still runs, and must still fail. */
  readonly knownFailures?: Readonly<Record<string, string>>;
}

const SELECTION: OptionNames<CaseSelection> = { groups: true, cases: true, knownFailures: true };

export interface ConformanceOptions extends CaseSelection {
  /** Called after each case, in order. Its promise is awaited, and its error ends the run. */
  readonly onCase?: (result: CaseResult) => unknown;
  /** Versions of the packages, for the report. */
  readonly versions?: { readonly core?: string; readonly backend?: string };
}

const OPTIONS: OptionNames<ConformanceOptions> = { ...SELECTION, onCase: true, versions: true };
const VERSIONS: OptionNames<NonNullable<ConformanceOptions['versions']>> = { core: true, backend: true };

/**
 * Runs the conformance suite on a backend: selects it, compares every case with the oracle through the public ops of `@heed/core`,
 * and disposes it. It needs no test runner. The engine that was in use before is in use again afterwards.
 *
 * @throws HeedError UNKNOWN_NAME for a group or id that doesn't exist
 * @throws HeedError BACKEND_UNAVAILABLE, BACKEND_INVALID when the backend can't be selected
 */
export async function runConformance(
  factory: BackendFactory,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  checkOptions('runConformance', options, OPTIONS);
  if (options.versions !== undefined) checkOptions('runConformance: versions', options.versions, VERSIONS);
  const selected = selectCases(options);
  const startedAt = new Date().toISOString();
  const session = await Session.open(factory);
  try {
    const cases: CaseResult[] = [];
    for (const one of selected) {
      const result = await runCase(one, session, options.knownFailures?.[one.id]);
      cases.push(result);
      await options.onCase?.(result);
    }
    return reportOf(session, cases, { startedAt, versions: options.versions });
  } finally {
    await session.close();
  }
}

/**
 * Cases of a selection.
 *
 * @throws HeedError UNKNOWN_NAME for a group or id that doesn't exist
 */
export function selectCases({ groups, cases, knownFailures = {} }: CaseSelection): readonly Case[] {
  const ids = CASES.map(({ id }) => id);
  checkNames('group', groups ?? [], Object.keys(GROUPS));
  checkNames('case', cases ?? [], ids);
  checkNames('known failure', Object.keys(knownFailures), ids);
  return CASES.filter(({ id, group }) => (groups?.includes(group) ?? true) && (cases?.includes(id) ?? true));
}

function checkNames(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const hint =
    what === 'group'
      ? `one of ${known.join(', ')}`
      : `ids are listed by listCases(); near it: ${nearest(unknown[0], known).join(', ')}`;
  throw new HeedError('UNKNOWN_NAME', {
    message: `conformance: no ${what} is called '${unknown.join("', '")}'`,
    hint,
    details: { unknown },
  });
}

const SUGGESTIONS = 3;

/** Ids that have the longest start in common with the name. */
function nearest(name: string, known: readonly string[]): readonly string[] {
  const common = (id: string): number => {
    let n = 0;
    while (n < id.length && id[n] === name[n]) n++;
    return n;
  };
  return known.toSorted((a, b) => common(b) - common(a)).slice(0, SUGGESTIONS);
}

/** Ids and groups of all cases. */
export function listCases(): readonly { readonly id: string; readonly group: Group }[] {
  return CASES.map(({ id, group }) => ({ id, group }));
}
