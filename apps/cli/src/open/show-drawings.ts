import type { OpenFlags } from '../commands/open-command.js';
import type { Host } from '../host.js';
import { writeMaps, writeOverlays } from '../io/map-files.js';
import { drawingsOf, mapsOver, plainMaps, type Drawing, type Seen } from './maps.js';

/** Shows what a model attended to, where it is asked for, and writes all of it into a file. */
export async function showDrawings(host: Host, seen: readonly Seen[], flags: OpenFlags): Promise<void> {
  const { output } = host;
  const { layer, head, rollout } = flags;
  const all = async (layerOf: (seen: Seen) => number | undefined, head: number | 'mean' | undefined) =>
    (await Promise.all(seen.map((one) => drawingsOf(one, { layer: layerOf(one), head, rollout })))).flat();
  const shown = await all(({ attentions }) => layer ?? attentions.length - 1, head ?? 'mean');
  for (const drawing of shown) tell(host, drawing);
  if (flags.maps) show(host, shown);
  if (flags.out === undefined) return;
  await write(host, flags.out, await all(() => layer, head));
  output.note(`written to ${flags.out}`);
}

/** Events for programs: one for each map, which over a picture is one for each that reads. */
function tell({ output }: Host, drawing: Drawing): void {
  if ('map' in drawing) {
    const { map, ...place } = drawing;
    output.event({ event: 'map', ...place, weights: map.weights.map((row) => Array.from(row)) });
    return;
  }
  const { overlay, ...place } = drawing;
  for (const { word: token, weights } of mapsOver(overlay)) output.event({ event: 'map', ...place, token, weights });
}

function show({ output }: Host, drawings: readonly Drawing[]): void {
  const { overlays, maps } = apart(drawings);
  if (overlays.length > 0) output.overlays(overlays);
  if (maps.length > 0) output.maps(maps);
}

/** Writes what lies over pictures with them, or, where there are maps of texts too, all as maps, which one file can hold. */
async function write(host: Host, path: string, drawings: readonly Drawing[]): Promise<void> {
  const { overlays, maps } = apart(drawings);
  if (maps.length === 0 && overlays.length > 0) await writeOverlays(host, path, overlays);
  else
    await writeMaps(
      host,
      path,
      drawings.flatMap((one) => ('map' in one ? [one.map] : mapsOver(one.overlay))),
    );
}

const apart = (drawings: readonly Drawing[]) => ({
  overlays: drawings.flatMap((one) => ('overlay' in one ? [one.overlay] : [])),
  maps: plainMaps(drawings),
});
