import { formatFigure, parseCard, type ModelCard } from '@heed/models/card';
import { ENCODER, ENCODER_TITLE } from '../encoder.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Host, Output } from '../host.js';
import { shellQuote } from '../io/shell-quote.js';
import { ownKinds } from '@heed/tasks';
import { tasksOf, type AnyTask } from '../known.js';

/** What there is to learn, on what data, and the model that is shipped for it. */
export async function listTasks(host: Host): Promise<ExitCode> {
  const { output } = host;
  for (const task of Object.values(tasksOf(host))) {
    const card = await cardOf(host, task.name);
    output.event({
      event: 'task',
      name: task.name,
      title: task.title,
      description: task.description,
      example: task.example,
      presets: Object.entries(task.presets).map(([name, { title, model }]) => ({ name, title, kind: model.kind })),
      metrics: task.metrics,
      data: card?.data ?? null,
      model: card ?? null,
    });
    output.print(describe(output, task, card));
  }
  output.event({ event: 'pretrained', name: ENCODER, title: ENCODER_TITLE, licence: 'Apache-2.0' });
  output.print(
    `${output.paint.bold(ENCODER)}  ${ENCODER_TITLE}\n  try      heed run ${ENCODER} 'the cat sat' 'a cat was sitting'\n`,
  );
  for (const { name, title, description } of Object.values(ownKinds)) {
    output.event({ event: 'own', name, title, description });
    output.print(
      `${output.paint.bold(name)}  ${title}, of your own\n  ${description}\n  train    heed train ${name} --data FILE\n`,
    );
  }
  output.event({ event: 'done' });
  return EXIT.ok;
}

async function cardOf(host: Host, name: string): Promise<ModelCard | undefined> {
  const folder = await host.shippedModel(name);
  return folder === undefined
    ? undefined
    : parseCard(new TextDecoder().decode(await host.readFile(`${folder}/card.json`)));
}

/** The first figures of a card; of data with several test sets the first figure on each. */
function figuresOf({ metrics, evaluations }: ModelCard): string {
  const [best] = evaluations;
  if (best!.testSet === undefined) {
    const shown = metrics.slice(0, 2).filter(({ key }) => key in best!.figures);
    return shown.map(({ key, label, format }) => `${label} ${formatFigure(best!.figures[key], format)}`).join(', ');
  }
  const { key, label, format } = metrics[0]!;
  const sets = evaluations.filter(({ beam }) => beam === best!.beam);
  return `${label} ${sets.map(({ testSet, figures }) => `${formatFigure(figures[key], format)} (${testSet})`).join(', ')}`;
}

function describe(
  { paint }: Output,
  { name, title, description, presets, pictures, example }: AnyTask,
  card: ModelCard | undefined,
): string {
  const lines = [`${paint.bold(name)}  ${title}`, `  ${description}`];
  if (card !== undefined) {
    lines.push(
      `  data     ${card.data.title}, ${card.data.licence}`,
      `  model    ${card.architecture}, ${(card.file.bytes / 1e6).toFixed(1)} MB: ${figuresOf(card)}`,
      `  try      heed run ${name} ${pictures === undefined ? shellQuote(example) : 'PICTURE.png'}`,
    );
  }
  lines.push(`  train    heed train ${name} --preset ${Object.keys(presets).join('|')}`, '');
  return lines.join('\n');
}
