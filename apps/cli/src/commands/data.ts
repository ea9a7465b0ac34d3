import { EXIT, type ExitCode } from '../exit-codes.js';
import { words } from '../figures.js';
import type { Host } from '../host.js';
import { taskNamed, tasksOf } from '../known.js';
import type { DataFlags } from './data-command.js';

export async function data(host: Host, name: string | undefined, { seed }: DataFlags): Promise<ExitCode> {
  const { output, packageFiles } = host;
  if (name === undefined) {
    for (const { name, title, description, example } of Object.values(tasksOf(host))) {
      output.event({ event: 'task', name, title, description, example });
      output.print(`${output.paint.bold(name)}  ${title}\n  ${description}\n  try: heed data ${name}`);
    }
    output.event({ event: 'done' });
    return EXIT.ok;
  }
  const dataset = await taskNamed(name, host).load({ seed, files: packageFiles });
  const summary = dataset.describe();
  output.event({ event: 'data', ...summary });
  output.print(
    [
      output.paint.bold(summary.title),
      ...Object.entries({
        source: `${summary.source} (${summary.url})`,
        licence: summary.licence,
        version: summary.version,
        options: Object.entries(summary.options)
          .map(([key, value]) => `${key} ${value}`)
          .join(', '),
        ...Object.fromEntries(Object.entries(summary.alphabets).map(([key, symbols]) => [key, symbols.join(' ')])),
      }).map(([key, text]) => `  ${key.padEnd(10)}${text}`),
      '',
      ...Object.entries(summary.counts).map(
        ([key, count]) => `  ${count.toLocaleString('en').padStart(9)}  ${words(key)}`,
      ),
      '',
      ...summary.notes.map((note) => `  ${note}`),
    ].join('\n'),
  );
  output.event({ event: 'done' });
  return EXIT.ok;
}
