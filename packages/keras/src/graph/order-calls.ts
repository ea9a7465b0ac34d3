import { HeedError } from '@heed/base';
import { refsIn, type CallSpec, type LayerSpec, type ModelSpec, type TensorRef } from './model-spec.js';

/** A call of a layer in its graph. */
export interface GraphCall {
  readonly layer: LayerSpec;
  /** Number of the call among those of its layer. */
  readonly index: number;
  readonly call: CallSpec;
}

const INPUT: CallSpec = { args: [], kwargs: {} };

/**
 * Calls that the outputs need, in the order in which Keras makes them: by depth, the greatest first, and within a depth by the search from
 * the outputs. The order tells where layers take masks off their inputs.
 *
 * @throws HeedError FILE_INVALID for calls and layers that don't exist, and for circles
 */
export function orderCalls(model: ModelSpec, firstCallOf: (layer: LayerSpec) => number): GraphCall[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const calls = new Map<string, GraphCall>();
  const find = (ref: TensorRef): GraphCall => {
    const layer = layers.get(ref.layer);
    if (layer === undefined) throw wrong(model, `no layer is called ${JSON.stringify(ref.layer)}`);
    const index = ref.call - firstCallOf(layer);
    const call = layer.calls.length === 0 && index === 0 ? INPUT : layer.calls[index];
    if (call === undefined) throw wrong(model, `layer ${layer.name} has no call ${ref.call}`);
    const key = `${layer.name}/${index}`;
    const known = calls.get(key);
    if (known !== undefined) return known;
    const found = { layer, index, call };
    calls.set(key, found);
    return found;
  };
  const given = new Set(model.inputs.map((ref) => find(ref)));
  const parents = (one: GraphCall): GraphCall[] =>
    given.has(one)
      ? []
      : [...Object.values(one.call.args), ...Object.values(one.call.kwargs)].flatMap(refsIn).map(find);

  const finished = new Set<GraphCall>();
  const open = new Set<GraphCall>();
  const sorted: GraphCall[] = [];
  const places = new Map<LayerSpec, number>();
  // Graphs may be thousands of calls deep, so this is a stack of its own.
  for (const ref of model.outputs) {
    const stack: { readonly one: GraphCall; readonly left: GraphCall[] }[] = [];
    const enter = (one: GraphCall): void => {
      if (finished.has(one)) return;
      if (open.has(one)) throw wrong(model, `layer ${one.layer.name} depends on itself`);
      open.add(one);
      if (!places.has(one.layer)) places.set(one.layer, places.size);
      stack.push({ one, left: parents(one).toReversed() });
    };
    enter(find(ref));
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.pop();
      if (next !== undefined) enter(next);
      else {
        stack.pop();
        open.delete(top.one);
        finished.add(top.one);
        sorted.push(top.one);
      }
    }
  }

  const depths = new Map<GraphCall, number>();
  const layerDepths = new Map<LayerSpec, number>();
  for (const one of sorted.toReversed()) {
    if (!depths.has(one)) depths.set(one, 0);
    const depth = Math.max(depths.get(one)!, layerDepths.get(one.layer) ?? 0);
    layerDepths.set(one.layer, depth);
    depths.set(one, depth);
    for (const parent of parents(one)) depths.set(parent, Math.max(depth + 1, depths.get(parent) ?? 0));
  }
  const inOrder = [...depths.keys()];
  return inOrder.toSorted((a, b) => depths.get(b)! - depths.get(a)!).filter((one) => !given.has(one));
}

const wrong = (model: ModelSpec, what: string): HeedError =>
  new HeedError('FILE_INVALID', { message: `model ${model.name}: ${what}` });
