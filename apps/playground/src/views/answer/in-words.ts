import type { AttentionMap } from '@heed/heatmap';
import type { Answer } from '@heed/tasks';
import type { Strings } from '../../text/strings.js';

/** Axes whose labels are words of the task; labels of other axes come from the input or the output. */
const OWN_LABELS: ReadonlySet<string> = new Set(['class', 'hop', 'fact']);

/**
 * An answer in the language of the page. Text of the input and text written by a model are not translated.
 *
 * @param isOwn whether the model was learnt from somebody's own files, whose labels are their words and stay as they are
 */
export function inWords(answer: Answer, { library }: Pick<Strings, 'library'>, isOwn = false): Answer {
  const say = (text: string): string => library(text) ?? text;
  const isClass = 'probabilities' in answer.details;
  // The output of a classifier is the name of a class, which is translated.
  const sayOutput = isClass && !isOwn ? say : (output: string): string => output;
  /** A title or label, which may begin with the class that was told: "spam, 95.0 %: sentences". */
  const sayTold = (text: string): string =>
    isClass && text.startsWith(`${answer.output}, `)
      ? `${sayOutput(answer.output)}${say(text.slice(answer.output.length))}`
      : say(text);
  const sayLabels = (axis: string | undefined, labels: readonly string[] | undefined) =>
    labels !== undefined && axis !== undefined && OWN_LABELS.has(axis) ? labels.map(sayTold) : labels;
  const sayMap = (map: AttentionMap): AttentionMap => {
    const { title, rowAxis, columnAxis } = map;
    const rowLabels = sayLabels(rowAxis, map.rowLabels);
    const columnLabels = sayLabels(columnAxis, map.columnLabels);
    return {
      ...map,
      ...(title !== undefined && { title: sayTold(title) }),
      ...(rowAxis !== undefined && { rowAxis: say(rowAxis) }),
      ...(columnAxis !== undefined && { columnAxis: say(columnAxis) }),
      ...(rowLabels && { rowLabels }),
      ...(columnLabels && { columnLabels }),
    };
  };
  return {
    ...answer,
    output: sayOutput(answer.output),
    alternatives: answer.alternatives.map((one) => ({ ...one, output: sayOutput(one.output) })),
    maps: answer.maps.map(sayMap),
  };
}
