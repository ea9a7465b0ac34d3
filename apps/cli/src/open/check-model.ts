import { checkPretrained, type CheckResult } from '@heed/hugging-face';
import type { OpenFlags } from '../commands/open-command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import { significant } from '../io/numbers.js';
import { filesOf } from './files.js';

/** Holds a folder to what transformers computed with it. */
export async function checkModel(host: Host, folder: string, flags: OpenFlags, backend: string): Promise<ExitCode> {
  const { output } = host;
  const { tolerance } = flags;
  const { family, results, passed } = await checkPretrained(
    (path) => filesOf(host, path === '' ? folder : `${folder.replace(/\/$/, '')}/${path}`),
    { tolerance, families: host.brought.families },
  );
  for (const result of results) {
    output.event({ event: 'difference', ...result });
    output.print(lineOf(result, output.paint));
  }
  const failed = results.filter((result) => !result.passed).length;
  output.event({ event: 'done', backend, family, passed: results.length - failed, failed });
  output.print(`${results.length - failed} of ${results.length} agree with transformers`);
  return passed ? EXIT.ok : EXIT.toleranceBreached;
}

/** 'bf16, right: logits: agrees, within 3.1e-7' */
function lineOf({ model, name, difference, tolerance, passed, detail }: CheckResult, paint: Output['paint']): string {
  const what = model === '' ? name : `${model}, ${name}`;
  if (passed)
    return `${what}: ${paint.green('agrees')}${tolerance === 0 ? '' : `, within ${significant(difference, 2)}`}`;
  const how = tolerance === 0 ? `${difference} differ` : `differs by ${significant(difference, 2)}`;
  return `${what}: ${paint.red(how)}${detail === undefined ? '' : `; ${detail}`}`;
}
