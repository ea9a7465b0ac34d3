import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { composed } from '@heed/core';
import { describe, expect, it } from 'vitest';
import { COMPOSED, WITH_COMPOSED } from './composed.js';
import { BACKENDS, anywhereFirst, findBackend, lazy, ownBackend, takersOf } from './index.js';
import { LOADERS } from './loaders.js';
import { installedVersions } from './node.js';

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

describe('the list of backends', () => {
  it('has each once, and a loader for each', () => {
    expect(new Set(names(WITH_COMPOSED)).size).toBe(WITH_COMPOSED.length);
    expect(Object.keys(LOADERS).toSorted()).toEqual(names(BACKENDS).toSorted());
  });

  it.each(WITH_COMPOSED)(
    '$name: the loader loads it, from a package that is there and that this one depends on',
    async (one) => {
      expect((await one.load({})).name).toBe(one.name);
      const own = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      expect(own.dependencies).toHaveProperty([one.package!]);
      expect(createRequire(import.meta.url)(`${one.package}/package.json`)).toMatchObject({ name: one.package });
    },
  );

  it.each(WITH_COMPOSED)(
    '$name: what is said of where it runs is true, and composed alone has no kernels',
    async (one) => {
      const factory = await one.load({ software: true });
      const reasons = await factory.unavailableReasons();
      // This is Node, and a page's backend may find here what it needs of a page.
      if (reasons.length === 0) expect(one.runsIn === 'anywhere' || one.inNodeBy !== undefined).toBe(true);
      else expect(one.runsIn).toBe('page');
      if (reasons.length > 0) return;
      const backend = await factory.create();
      expect(Object.keys(backend.kernels).length === 0).toBe(one === COMPOSED);
      await backend.dispose();
    },
  );

  it('passes on the settings that a backend takes', async () => {
    for (const one of takersOf('threads', BACKENDS)) {
      const backend = await (await one.load({ threads: 2, allThreads: true })).create();
      expect([one.name, backend.capabilities.threads]).toEqual([one.name, 2]);
      await backend.dispose();
    }
    for (const one of WITH_COMPOSED) await one.load({ threads: 2 }); // those without threads leave it out
  });
});

describe('installedVersions', () => {
  it.each(WITH_COMPOSED)('$name: its version and that of core', (one) => {
    const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
    expect(installedVersions(one)).toEqual({ core: version, backend: version });
  });

  it("somebody's own backend has none that is known", () => {
    const own = ownBackend({ ...composed({ engine: 'nowhere' }), name: 'theirs' });
    expect(Object.keys(installedVersions(own))).toEqual(['core']);
  });
});

describe('orders', () => {
  it('anywhereFirst keeps the order of preference within both halves', () => {
    const list = [
      { name: 'a', runsIn: 'page' },
      { name: 'b', runsIn: 'anywhere' },
      { name: 'c', runsIn: 'page' },
      { name: 'd', runsIn: 'anywhere' },
    ] as const;
    expect(names(anywhereFirst(list))).toEqual(['b', 'd', 'a', 'c']);
  });
});

describe('findBackend', () => {
  it('finds by name, and names the nearest of a slip', () => {
    for (const one of BACKENDS) expect(findBackend(one.name, BACKENDS)).toBe(one);
    expect(() => findBackend('wasn', BACKENDS)).toThrow(/there is no backend "wasn".*did you mean wasm\?/);
    expect(() => findBackend('toString', BACKENDS)).toThrow(expect.objectContaining({ code: 'UNKNOWN_NAME' }));
  });

  it("finds somebody's own in a list that has it", async () => {
    const factory = { ...composed({ engine: 'theirs' }), name: 'theirs' };
    const list = [...BACKENDS, ownBackend(factory)];
    expect(await findBackend('theirs', list).load({})).toBe(factory);
    expect(() => findBackend('their', list)).toThrow('did you mean theirs?');
    expect(() => findBackend('theirs', BACKENDS)).toThrow('there is no backend "theirs"');
  });
});

describe('lazy', () => {
  it('loads nothing before it is asked, and then with the settings', async () => {
    const asked: unknown[] = [];
    const own = ownBackend({ ...composed({ engine: 'nowhere' }), name: 'slow' });
    const factory = lazy({ ...own, load: (settings) => (asked.push(settings), own.load(settings)) }, { threads: 2 });
    expect([factory.name, asked]).toEqual(['slow', []]);
    expect(await factory.unavailableReasons()).toEqual(["engine 'nowhere' is not registered"]);
    expect(asked).toEqual([{ threads: 2 }]);
  });
});
