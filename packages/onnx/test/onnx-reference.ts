import type { OnnxCase } from '../src/onnx-case.js';
import type { OnnxTensor } from '../src/onnx-tensor.js';

/**
 * ONNX's `Attention` position by position in float64, from the operator's description. Shares nothing with the adapter: it
 * knows no tensors, masks or ops of Heed, and masks by adding −∞, as ONNX does.
 */
export function attentionByFormula({
  attributes,
  inputs,
}: Pick<OnnxCase<'Attention'>, 'attributes' | 'inputs'>): Record<string, OnnxTensor> {
  const q = split(inputs.Q!, attributes['q_num_heads']);
  const k = join(inputs.past_key, split(inputs.K!, attributes['kv_num_heads']));
  const v = join(inputs.past_value, split(inputs.V!, attributes['kv_num_heads']));
  const [batch, heads, queries, width] = q.shape as [number, number, number, number];
  const [, keyHeads, keys] = k.shape as [number, number, number];
  const valueWidth = v.shape[3];
  const past = inputs.past_key?.shape[2] ?? 0;
  const scale = attributes['scale'] ?? 1 / Math.sqrt(width);
  const [left, right] = [attributes['left_window_size'] ?? -1, attributes['right_window_size'] ?? -1];
  const softCap = attributes['softcap'] ?? 0;
  const mode = attributes['qk_matmul_output_mode'] ?? 0;

  const context = zeros([batch, heads, queries, valueWidth]);
  const matrix = zeros([batch, heads, queries, keys]);
  for (let b = 0; b < batch; b++) {
    const valid = inputs.nonpad_kv_seqlen?.data[b];
    const first = inputs.past_key === undefined && valid !== undefined ? valid - queries : past;
    for (let h = 0; h < heads; h++) {
      const group = Math.floor(h / (heads / keyHeads));
      for (let i = 0; i < queries; i++) {
        const row = Array.from({ length: keys }, (_, j) => {
          let score = 0;
          for (let d = 0; d < width; d++) score += at(q, b, h, i, d) * at(k, b, group, j, d);
          const raw = score * scale;
          const capped = softCap > 0 ? softCap * Math.tanh(raw / softCap) : raw;
          const ahead = j - (i + first);
          const hidden =
            (attributes['is_causal'] === 1 && ahead > 0) ||
            (left >= 0 && -ahead > left) ||
            (right >= 0 && ahead > right) ||
            (valid !== undefined && j >= valid);
          const bias = maskAt(inputs.attn_mask, b, h, i, j) + (hidden ? -Infinity : 0);
          return [raw, capped, capped + bias] as const;
        });
        const highest = Math.max(...row.map(([, , biased]) => biased));
        const exponentials = row.map(([, , biased]) => (highest === -Infinity ? 0 : Math.exp(biased - highest)));
        const sum = exponentials.reduce((a, x) => a + x, 0);
        row.forEach((stages, j) => {
          const weight = sum === 0 ? 0 : exponentials[j] / sum;
          matrix.data[index(matrix.shape, b, h, i, j)] = mode === 3 ? weight : stages[mode as 0 | 1 | 2];
          for (let d = 0; d < valueWidth; d++) {
            context.data[index(context.shape, b, h, i, d)] += weight * at(v, b, group, j, d);
          }
        });
      }
    }
  }
  const Y = inputs.Q!.shape.length === 3 ? merge(context) : context;
  return { Y, present_key: k, present_value: v, qk_matmul_output: matrix };
}

/** 0 or −∞ for a bool mask; beyond a short one −∞. */
function maskAt(mask: OnnxTensor | undefined, b: number, h: number, i: number, j: number): number {
  if (mask === undefined) return 0;
  const { shape } = mask;
  if (j >= shape.at(-1)!) return -Infinity;
  const place = [b, h, i, j].slice(4 - shape.length).map((n, axis) => (shape[axis] === 1 ? 0 : n));
  const value = mask.data[index(shape, ...place)];
  return mask.dtype === 'bool' ? (value === 1 ? 0 : -Infinity) : value;
}

export function zeros(shape: readonly number[]): OnnxTensor {
  return { name: '', dtype: 'float32', shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)) };
}

function index(shape: readonly number[], ...place: readonly number[]): number {
  return place.reduce((n, p, axis) => n * shape[axis] + p, 0);
}

function at({ shape, data }: OnnxTensor, ...place: readonly number[]): number {
  return data[index(shape, ...place)];
}

/** [B, T, H·D] as [B, H, T, D]. */
function split(tensor: OnnxTensor, heads: number | undefined): OnnxTensor {
  if (tensor.shape.length === 4) return tensor;
  const [batch, time, all] = tensor.shape as [number, number, number];
  const width = all / heads!;
  return fill([batch, heads!, time, width], (b, h, t, d) => at(tensor, b, t, h * width + d));
}

function merge(tensor: OnnxTensor): OnnxTensor {
  const [batch, heads, time, width] = tensor.shape as [number, number, number, number];
  const merged = zeros([batch, time, heads * width]);
  return {
    ...merged,
    data: merged.data.map((_, n) => {
      const d = n % (heads * width);
      const t = Math.floor(n / (heads * width)) % time;
      return at(tensor, Math.floor(n / (heads * width * time)), Math.floor(d / width), t, d % width);
    }),
  };
}

function join(past: OnnxTensor | undefined, fresh: OnnxTensor): OnnxTensor {
  if (past === undefined) return fresh;
  const before = past.shape[2];
  const [batch, heads, time, width] = fresh.shape as [number, number, number, number];
  return fill([batch, heads, before + time, width], (b, h, t, d) =>
    t < before ? at(past, b, h, t, d) : at(fresh, b, h, t - before, d),
  );
}

function fill(
  shape: readonly [number, number, number, number],
  value: (b: number, h: number, t: number, d: number) => number,
): OnnxTensor {
  const tensor = zeros(shape);
  let n = 0;
  for (let b = 0; b < shape[0]; b++) {
    for (let h = 0; h < shape[1]; h++) {
      for (let t = 0; t < shape[2]; t++) for (let d = 0; d < shape[3]; d++) tensor.data[n++] = value(b, h, t, d);
    }
  }
  return tensor;
}

/** Numbers in [0, 1), as those of ONNX's tests, the same for the same seed and name. */
export function random(name: string, shape: readonly number[], seed: number): OnnxTensor {
  const salt = [...name].reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7);
  const tensor = zeros(shape);
  const noise = (n: number): number => {
    const x = Math.sin(n * 12.9898 + (salt % 1000) * 78.233 + seed * 37.719) * 43758.5453;
    return Math.fround(x - Math.floor(x));
  };
  return { ...tensor, name, data: tensor.data.map((_, n) => noise(n)) };
}
