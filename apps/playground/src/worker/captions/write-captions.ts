import { joinCaption } from '@heed/datasets';
import { fitInto, type Picture } from '@heed/pictures';
import type { CaptionsReport, CaptionsSetup } from '../../engine/jobs.js';
import { breathe } from '../breathe.js';
import { openCaptioner, type OpenCaptioner } from './open-captioner.js';
import { readPicture } from './read-picture.js';

type Report = (report: CaptionsReport) => void;

/** Greatest side of the picture that the page shows, in pixels. */
const LARGEST_SHOWN = 512;

/**
 * Reads a picture and writes its captions, each word reported when it is there.
 *
 * @param selected what the model waits for: picture and model are fetched while the backend starts
 * @throws HeedError as `readPicture` does; FILE_ACCESS, INVALID_ARGUMENT when the model that was loaded is no captioner
 */
export async function writeCaptions(
  { of, source, languages }: CaptionsSetup,
  selected: Promise<unknown>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const picture = await readPicture(source, signal);
  const shown = fitInto(picture, Math.min(LARGEST_SHOWN, Math.max(picture.width, picture.height)));
  report({ kind: 'picture', picture: { ...shown, channels: 4 } });
  if (of === null) return;
  const opened = await openCaptioner(of, selected, (share) => report({ kind: 'share', share }), signal);
  const { model } = opened;
  const all = model.config.languages;
  const wanted = all.filter((language) => languages.includes(language));
  const written = wanted.length === 0 ? all : wanted;
  report({ kind: 'model', all, written, gridSide: model.gridSide });
  for (const language of written) {
    const source = { picture: fitInto(picture, model.config.size), language };
    if (!(await writeCaption(opened, source, report, signal))) return;
  }
}

/** Writes one caption; false when it was stopped on the way. */
async function writeCaption(
  { model, symbols: known }: OpenCaptioner,
  source: { readonly picture: Picture; readonly language: string },
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const { language } = source;
  const own = Object.hasOwn(known, language) ? known[language] : undefined;
  const symbols: string[] = [];
  let finished = false;
  for await (const { symbol, weights, sentinel } of model.watch(source, { allowed: own && new Set(own) })) {
    if (symbol === undefined) finished = true;
    else {
      symbols.push(symbol);
      report({
        kind: 'word',
        language,
        text: joinCaption(symbols, language),
        // A symbol says whether a space is before it, too.
        word: {
          word: joinCaption([symbol], language).trim() || '␣',
          weights: weights ?? null,
          sentinel: sentinel ?? null,
        },
      });
    }
    await breathe();
    if (signal.aborted) return false;
  }
  report({ kind: 'end', language, finished });
  return true;
}
