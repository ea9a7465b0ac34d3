import { listCases, runConformance, type CaseResult } from '@heed/conformance';
import { BACKEND_NAMES, loadBackend } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import type { Output } from '../io/output.js';
import { namingUsage } from '../usage-error.js';

interface ConformanceFlags extends CommonFlags, BackendFlag {
  readonly group?: readonly string[];
  readonly case?: readonly string[];
}

export async function conformance(output: Output, { backend, group, case: ids }: ConformanceFlags): Promise<ExitCode> {
  const factory = await loadBackend(backend ?? BACKEND_NAMES[0]!);
  const chosen = listCases().filter((one) => (group?.includes(one.group) ?? true) && (ids?.includes(one.id) ?? true));
  const started = performance.now();
  let done = 0;
  const report = await namingUsage(() =>
    runConformance(factory, {
      groups: group,
      cases: ids,
      onCase: (result) => {
        done++;
        output.event({ event: 'case', ...result });
        if (result.status !== 'passed') output.print(describe(result, output));
        const perCase = (performance.now() - started) / done / 1000;
        const secondsLeft = (chosen.length - done) * perCase;
        output.progress({
          done,
          total: chosen.length,
          unit: 'case',
          note: `${(1 / perCase).toFixed(0)}/s`,
          secondsLeft,
        });
      },
    }),
  );
  const { cases: _, totals, ...about } = report;
  const { passed, failed, ...rest } = totals;
  const { knownFailures, skipped, fused, composed, ms } = rest;
  output.event({ event: 'done', passed, failed, ...rest, ...about });
  const verdict =
    failed === 0 ? output.paint.green(`${passed} passed`) : output.paint.red(`${failed} failed, ${passed} passed`);
  output.print(
    `${report.backend}: ${verdict}` +
      (knownFailures > 0 ? `, ${knownFailures} known failures` : '') +
      (skipped > 0 ? `, ${skipped} skipped` : '') +
      ` · ${fused} fused, ${composed} composed · ${(ms / 1000).toFixed(1)} s`,
  );
  return failed > 0 ? EXIT.toleranceBreached : EXIT.ok;
}

function describe({ id, status, message }: CaseResult, { paint }: Output): string {
  const color = status === 'failed' ? paint.red : paint.yellow;
  const why = message === undefined ? '' : `\n${message.replaceAll(/^/gm, '  ')}`;
  return `${color(status)} ${id}${why}`;
}
