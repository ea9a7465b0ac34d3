import type { SampleSet } from '../views/picture/samples.js';

/** Texts of the view of pictures. */
export const enPicture = {
  title: 'Pictures to words',
  lead: 'Give it a picture. A captioner names it word by word, in several languages, and for each word you see where it looked, and how much it looked at the picture at all.',
  own: 'Your picture',
  drop: 'Drop a PNG, JPEG or WebP file anywhere on this view, or choose one. The picture stays in this page: nothing is uploaded. A run of heed train caption may be dropped, too: its folder, its .zip file, or its files.',
  choose: 'Choose a picture or a run',
  useShipped: 'Back to the captioner of this page',
  samples: 'Sample pictures',
  sets: {
    concepts: 'Concepts never seen',
    combinations: 'Seen, but never with this skin tone',
    'style-seen': 'Seen concepts, never in this style',
    'style-unseen': 'Neither concept nor style seen',
  } satisfies Record<SampleSet, string>,
  drawnBy: 'They are of test sets of the task caption: no captioner that is shipped has learnt from them. Graphics:',
  draw: 'Draw one',
  canvas: (lines: number) =>
    lines === 0
      ? 'Drawing, empty: draw with a finger, a pen or the mouse'
      : `Drawing of ${lines} line${lines === 1 ? '' : 's'}`,
  colour: 'Colour',
  colours: {
    black: 'black',
    white: 'white',
    red: 'red',
    orange: 'orange',
    yellow: 'yellow',
    green: 'green',
    blue: 'blue',
    brown: 'brown',
  },
  width: 'Width',
  undo: 'Undo',
  clear: 'Clear',
  captions: 'Captions',
  languages: 'Languages',
  loading: 'Loading the captioner',
  noModel:
    'No captioner is loaded, so here is the picture alone. Train one with heed train caption, and drop its run on this view.',
  notCaptioner: (kind: string) =>
    `What was loaded describes no pictures (${kind}). The view Model has it; for this view drop a run of heed train caption.`,
  ofYours: (parameters: number, languages: readonly string[]) =>
    `Your captioner is in use: ${parameters.toLocaleString('en')} parameters, ${languages.join(', ')}.`,
  help: 'Point at a word, or go through the words with the arrow keys, to see its look. The bar is the share that looked at no part of the picture.',
  noAttention: 'This captioner has no attention to show.',
  nothing: '(nothing)',
  cutOff: '(cut off)',
  picture: 'The picture',
  none: 'Choose a picture, drop one, or draw.',
  ofPictures: 'This model describes pictures, so nothing is typed here.',
  open: 'Go to the view Pictures',
};
