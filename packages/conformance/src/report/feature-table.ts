import { AREAS, FEATURES, type FeatureResult, type FeatureSummary } from './features.js';
import { formatUlps } from './numbers.js';

/**
 * Markdown table of what works on which backend: how a feature runs, how many of its cases pass, and the largest error in ulps. The
 * last column has the largest error of the naive float32 form.
 *
 * @param summaries results of `summarizeFeatures`, one for each column
 */
export function featureTable(summaries: readonly FeatureSummary[]): string {
  const rows = FEATURES.flatMap(({ name, pathless = false }) => {
    const results = summaries.map(({ features }) => features[name]);
    if (results.every((result) => result === undefined)) return [];
    const naive = results.find((result) => result?.naiveUlps !== undefined)?.naiveUlps;
    const cells = results.map((result) => (result === undefined ? '–' : cell(result, pathless)));
    return [[name, ...cells, naive === undefined ? '' : formatUlps(naive)]];
  });
  return table(['', ...summaries.map(({ backend }) => backend), 'naive float32'], rows);
}

/** Short Markdown table of what works on which backend, with areas of features and without errors. */
export function overviewTable(summaries: readonly FeatureSummary[]): string {
  const beginnings = AREAS.map(({ first }) => FEATURES.findIndex(({ name }) => name === first));
  const rows = AREAS.flatMap(({ name }, n) => {
    const members = FEATURES.slice(beginnings[n], beginnings[n + 1]);
    const results = summaries.map(({ features }) => sumOf(members.map((member) => [member, features[member.name]])));
    if (results.every(({ ran }) => ran === 0)) return [];
    return [[name, ...results.map((result) => (result.ran === 0 ? '–' : cell(result, false)))]];
  });
  return table(['', ...summaries.map(({ backend }) => backend)], rows);
}

/** Sums of the results of several features. The path counts only for features that are about kernels. */
function sumOf(parts: readonly (readonly [{ readonly pathless?: true }, FeatureResult | undefined])[]): FeatureResult {
  const sum = { ran: 0, passed: 0, fused: 0, composed: 0 };
  for (const [{ pathless = false }, result] of parts) {
    if (result === undefined) continue;
    sum.ran += result.ran;
    sum.passed += result.passed;
    if (pathless) continue;
    sum.fused += result.fused;
    sum.composed += result.composed;
  }
  return sum;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll(/[|\\]/g, String.raw`\$&`)).join(' | ')} |`;
}

function cell({ ran, passed, fused, composed, worstUlps }: FeatureResult, pathless: boolean): string {
  const error = worstUlps === undefined ? [] : [formatUlps(worstUlps ?? Infinity)];
  return [how(passed === ran, pathless ? [] : paths(fused, composed)), `${passed}/${ran}`, ...error].join(' · ');
}

function how(passed: boolean, paths: readonly string[]): string {
  if (!passed) return `✗ ${paths.join(', ')}`.trimEnd();
  return paths.join(', ') || '✓';
}

function paths(fused: number, composed: number): string[] {
  if (fused > 0 && composed > 0) return [`${fused} fused`, `${composed} composed`];
  return fused > 0 ? ['fused'] : composed > 0 ? ['composed'] : [];
}
