import { captions } from './captions.js';
import { labels } from './labels.js';
import type { OwnKind } from './own-kind.js';
import { pairs } from './pairs.js';
import { text } from './text.js';

const ALL: readonly OwnKind[] = [pairs, labels, text, captions];

/** All kinds of tasks that are learnt from somebody's own files, by name. */
export const ownKinds: Readonly<Record<string, OwnKind>> = Object.fromEntries(ALL.map((kind) => [kind.name, kind]));
