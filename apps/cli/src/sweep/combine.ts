import { uniform } from '@heed/base';
import type { Draw, Settings, SettingValue, Sweep } from './definition.js';

/** All settings that a sweep tries, each once: every entry of the list with every combination of the grid and every draw. */
export function combinations({ settings = {}, grid = {}, list = [{}], random }: Sweep): readonly Settings[] {
  const drawn = random === undefined ? [{}] : draws(random);
  const all: Settings[] = [];
  for (const entry of list) {
    for (const point of products(grid)) {
      for (const draw of drawn) all.push({ ...settings, ...entry, ...point, ...draw });
    }
  }
  const once = new Map(all.map((one) => [canonical(one), one]));
  return [...once.values()];
}

/** Names that more than one of the parts of a sweep gives, one of which would be lost. */
export function givenTwice({ settings = {}, grid = {}, list = [{}], random }: Sweep): string | undefined {
  const parts = [settings, grid, Object.assign({}, ...list) as Settings, random?.from ?? {}];
  const names = parts.flatMap((part) => Object.keys(part));
  return names.find((name, n) => names.indexOf(name) !== n);
}

/** Settings as one text, whatever the order in which they were written. */
export const canonical = (settings: Settings): string =>
  JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function products(grid: NonNullable<Sweep['grid']>): readonly Settings[] {
  return Object.entries(grid).reduce<readonly Settings[]>(
    (points, [name, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

/** Each setting has numbers of its own, so that another one more changes none of the others. */
function draws({ draws, seed, from }: NonNullable<Sweep['random']>): readonly Settings[] {
  const named = Object.entries(from).map(([name, draw]) => {
    const next = uniform({ seed, stream: 'sweeps', name });
    return [name, () => drawn(draw, next())] as const;
  });
  return Array.from({ length: draws }, () => Object.fromEntries(named.map(([name, next]) => [name, next()])));
}

/** @param u in (0, 1) */
function drawn(draw: Draw, u: number): SettingValue {
  if ('among' in draw) return draw.among[Math.floor(u * draw.among.length)]!;
  const { from, to, scale = 'linear', whole = false } = draw;
  const end = whole ? to + 1 : to;
  const value = scale === 'log' ? from * (end / from) ** u : from + (end - from) * u;
  return whole ? Math.floor(value) : Number(value.toPrecision(DIGITS));
}

// As many as a person would type, and no fewer than a setting needs.
const DIGITS = 4;
