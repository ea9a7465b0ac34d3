/** Inputs and outputs of the operators that Heed's ops can express, by their place, as ONNX names them; and the domain, where it isn't ONNX's own. */
export const SIGNATURES = {
  Attention: {
    inputs: ['Q', 'K', 'V', 'attn_mask', 'past_key', 'past_value', 'nonpad_kv_seqlen'],
    outputs: ['Y', 'present_key', 'present_value', 'qk_matmul_output'],
  },
  RotaryEmbedding: {
    inputs: ['X', 'cos_cache', 'sin_cache', 'position_ids'],
    outputs: ['Y'],
  },
  FlexAttention: {
    domain: 'ai.onnx.preview',
    inputs: ['Q', 'K', 'V'],
    outputs: ['Y'],
  },
  LinearAttention: {
    inputs: ['query', 'key', 'value', 'past_state', 'decay', 'beta'],
    outputs: ['output', 'present_state'],
  },
  TensorScatter: {
    inputs: ['past_cache', 'update', 'write_indices'],
    outputs: ['present_cache'],
  },
} as const;

export type OnnxOperator = keyof typeof SIGNATURES;
export type InputOf<Operator extends OnnxOperator> = (typeof SIGNATURES)[Operator]['inputs'][number];
export type OutputOf<Operator extends OnnxOperator> = (typeof SIGNATURES)[Operator]['outputs'][number];

export const isOperator = (name: string): name is OnnxOperator => Object.hasOwn(SIGNATURES, name);
