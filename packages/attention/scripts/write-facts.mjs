// Writes what can be known of the mechanisms without TensorFlow.js, from their definitions.
import { writeFile } from 'node:fs/promises';
import { MECHANISMS, factsOf } from '../dist/index.js';

const write = (name, text) => writeFile(new URL(`../dist/${name}`, import.meta.url), text);
const facts = JSON.stringify(MECHANISMS.map(factsOf), undefined, 2);
await write('facts.js', `/** Facts of all mechanisms of this package. */\nexport const MECHANISM_FACTS = ${facts};\n`);
await write(
  'facts.d.ts',
  `import type { MechanismFacts } from './mechanism-facts.js';
import type { MechanismKind } from './mechanisms.js';
export type { MechanismFacts };
/** Facts of all mechanisms of this package. */
export declare const MECHANISM_FACTS: readonly MechanismFacts<MechanismKind>[];
`,
);
