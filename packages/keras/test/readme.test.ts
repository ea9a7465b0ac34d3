import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operationNames } from '../src/graph/operations/index.js';
import { STANDARD_LAYERS } from '../src/standard/index.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const namesIn = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

it("the README's list of layers in Keras's files has all of them", () => {
  const [, section] = README.split("## Layers in Keras's files");
  const items = section.split('\n## ')[0].matchAll(/^- ([^:.]*)/gm); // up to what differs
  const listed = Array.from(items).flatMap(([, names]) => namesIn(names));
  expect(listed.toSorted()).toEqual(Object.keys(STANDARD_LAYERS).toSorted());
});

it('the README lists the ops that load', () => {
  const [, listed] = /^Ops: ([^]*?)\.$/m.exec(README)!;
  expect(namesIn(listed)).toEqual(operationNames());
});
