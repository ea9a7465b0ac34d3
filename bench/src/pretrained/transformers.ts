import { basename, dirname } from 'node:path';
import type * as Transformers from '@huggingface/transformers';
import * as OrtWeb from 'onnxruntime-web';
import type { OpenSubject, Subject, SubjectOptions } from './subject.js';

/** What transformers.js looks for to run on another ONNX Runtime than its own. */
const RUNTIME = Symbol.for('onnxruntime');

/** transformers.js on onnxruntime-web's WebAssembly build, which it runs on in a page without a graphics card. */
export const openOnWeb: OpenSubject = (options) => {
  // transformers.js would have it fetched.
  OrtWeb.env.wasm.wasmPaths = new URL('.', import.meta.resolve('onnxruntime-web')).href;
  OrtWeb.env.wasm.numThreads = options.threads;
  return open(options, OrtWeb, {});
};

/** transformers.js on onnxruntime-node, native code, which it runs on in Node. */
export const openOnNode: OpenSubject = async (options) => {
  // The package is optional, and its own types equal those of onnxruntime-web.
  const name = 'onnxruntime-node';
  const { default: ort } = (await import(name)) as { default: typeof OrtWeb };
  return open(options, ort, { intraOpNumThreads: options.threads, interOpNumThreads: 1 });
};

async function open(
  { folder, kind }: SubjectOptions,
  runtime: object,
  session: OrtWeb.InferenceSession.SessionOptions,
): Promise<Subject> {
  Object.assign(globalThis, { [RUNTIME]: runtime });
  const { AutoModel, AutoModelForCausalLM, Tensor, env } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  const loader = kind === 'decoder' ? AutoModelForCausalLM : AutoModel;
  const options = { device: 'auto', dtype: 'fp32', session_options: session } as const;
  const model: Transformers.PreTrainedModel = await loader.from_pretrained(basename(folder), options);
  const idsOf = (sequences: readonly (readonly number[])[]): Transformers.Tensor =>
    new Tensor('int64', BigInt64Array.from(sequences.flat(), BigInt), [sequences.length, sequences[0].length]);
  return {
    async generate(prompt, count) {
      const inputs = idsOf([prompt]);
      const all = (await model.generate({
        inputs,
        max_new_tokens: count,
        do_sample: false,
      } as never)) as Transformers.Tensor;
      return Array.from(all.data as BigInt64Array, Number).slice(prompt.length);
    },
    async encode(sequences) {
      const input_ids = idsOf(sequences);
      const token_type_ids = idsOf(sequences.map((ids) => ids.map(() => 0)));
      const { last_hidden_state } = (await model({ input_ids, token_type_ids })) as Record<string, Transformers.Tensor>;
      return last_hidden_state.data as Float32Array;
    },
  };
}
