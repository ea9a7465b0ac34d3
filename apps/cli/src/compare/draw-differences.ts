import { shareOf, type Deviation } from '@heed/conformance';
import type { Host } from '../host.js';
import { writeMaps } from '../io/map-files.js';
import type { CompareSettings, Held } from './held.js';
import { differenceMap } from './difference-map.js';
import type { Problem } from './problem.js';

// What a terminal shows at once, and a file of some megabytes.
const TERMINAL = { maps: 1, cells: 16 };
const FILE = { maps: 8, cells: 32 };

/** Maps of where the backends are off: in the terminal of each one's worst output, in the file of some more. */
export async function drawDifferences(
  host: Host,
  held: readonly Held[],
  { title, expected }: Problem,
  { out }: CompareSettings,
): Promise<void> {
  const { output } = host;
  const draw = ({ maps, cells }: typeof FILE) =>
    held.flatMap((one) =>
      worst(one)
        .slice(0, maps)
        .map(({ output: name, ulp }) =>
          differenceMap(`${one.backend}: ${name}`, one.numbers[name].values, expected[name], { ulp, cells }),
        ),
    );
  const shown = draw(TERMINAL);
  if (shown.length > 0) {
    output.print('');
    output.maps(shown);
  }
  if (out === undefined) return;
  if (shown.length === 0) {
    output.note(`nothing is off, so there is nothing to draw in ${out}`);
    return;
  }
  await writeMaps(host, out, draw(FILE), title);
  output.event({ event: 'written', file: out });
  output.note(`written to ${out}`);
}

/** The outputs that are off somewhere, those nearest to what is allowed first; a single number makes no map. */
function worst({ deviations, numbers }: Held): Deviation[] {
  return deviations
    .filter(({ absolute, output }) => absolute > 0 && numbers[output].values.length > 1)
    .toSorted((a, b) => shareOf(b) - shareOf(a));
}
