import type { Example } from '@heed/datasets';
import { evaluate, positionalBaseline, type EvaluationReport } from '@heed/seq2seq';
import { useBackend } from '../backends.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { BackendFlag, CommonFlags } from '../flags.js';
import type { Host, Output } from '../host.js';
import { dataOf, openModel } from '../model.js';
import { sample } from '../sample.js';

interface EvalFlags extends CommonFlags, BackendFlag {
  readonly split: 'train' | 'validation' | 'test';
  readonly limit?: number;
  readonly beam?: number;
  readonly seed: number;
}

export async function evaluateRun(host: Host, folder: string, flags: EvalFlags): Promise<ExitCode> {
  const { output } = host;
  const { split, limit, beam = 1, seed } = flags;
  const backend = await useBackend(flags);
  const opened = await openModel(host, folder);
  try {
    const data = await dataOf(opened);
    const examples = limit === undefined ? data[split] : sample(data[split], limit, seed);
    output.note(
      `${examples.length.toLocaleString('en')} words of the ${split} split, ${beam > 1 ? `beam ${beam}` : 'greedy'}, backend ${backend.name}`,
    );

    const started = performance.now();
    const report = await evaluate(opened.model, examples, {
      ...(beam > 1 && { beam: { width: beam } }),
      onProgress: ({ done, total }) => {
        const rate = done / ((performance.now() - started) / 1000);
        const secondsLeft = (total - done) / rate;
        output.progress({ done, total, unit: 'word', note: `${Math.round(rate)} words/s`, secondsLeft });
      },
    });
    output.endProgress();
    const baseline = await evaluate(positionalBaseline(data.train), examples);

    output.event({
      event: 'done',
      run: folder,
      split,
      beam,
      ...rates(report),
      ...(report.monotonicity !== undefined && { monotonicity: report.monotonicity }),
      baseline: rates(baseline),
      seconds: (performance.now() - started) / 1000,
    });
    output.print(
      table(output, [
        [folder, report],
        ['most common phoneme per letter', baseline],
      ]),
    );
    if (report.monotonicity !== undefined) {
      output.print(
        `attention follows the word: order ${report.monotonicity.toFixed(2)} (1 strictly forwards, 0 none, −1 backwards)`,
      );
    }
    return EXIT.ok;
  } finally {
    opened.model.dispose();
    await backend.dispose();
  }
}

type Report = EvaluationReport<Example>;

function rates({ examples, sequenceErrors, sequenceErrorRate, tokens, tokenErrors, tokenErrorRate }: Report) {
  return {
    words: examples,
    wordErrors: sequenceErrors,
    wordErrorRate: sequenceErrorRate,
    phonemes: tokens,
    phonemeErrors: tokenErrors,
    phonemeErrorRate: tokenErrorRate,
  };
}

function table({ paint }: Output, rows: readonly (readonly [string, Report])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const count = (errors: number, all: number): string =>
    `(${errors.toLocaleString('en')} of ${all.toLocaleString('en')})`;
  return rows
    .map(([name, report]) => {
      const { sequenceErrors, sequenceErrorRate, examples, tokenErrors, tokenErrorRate, tokens } = report;
      return (
        `${paint.bold(name.padEnd(width))}  word error ${paint.bold(percent(sequenceErrorRate))} ${count(sequenceErrors, examples)}` +
        `  phoneme error ${paint.bold(percent(tokenErrorRate))} ${count(tokenErrors, tokens)}`
      );
    })
    .join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
