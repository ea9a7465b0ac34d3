"""Builds Keras's layers with many configurations, runs them on random numbers, and saves what they gave: cases.json, cases.safetensors.

python make.py  (Keras 3.15.1, its tensorflow backend, tensorflow-cpu, safetensors)
"""

import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from safetensors.numpy import save_file

B, T, D = 3, 4, 3
SIDE = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1]], dtype=bool)
EARLY = np.array([[0, 0, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]], dtype=bool)

cases, tensors = [], {}


def plain(value):
    """A configuration as files have it, computed in float32."""
    if isinstance(value, dict):
        return {key: "float32" if key == "dtype" else plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def leaves(value):
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, (list, tuple)) else [value]


def case(layer, inputs, masks=None, training=None, integer=False, gradients=True, note=None, only=None, **kwargs):
    """inputs: a shape, an array, or a list of them; masks: the same, attached; kwargs: arrays, lists of arrays, numbers."""
    name = f"{len(cases):03d}_{layer.__class__.__name__}"
    rng = np.random.default_rng(len(cases) + 1)
    put = lambda what, array: tensors.__setitem__(f"{name}/{what}", np.ascontiguousarray(array))
    draw = lambda shape: rng.normal(size=shape).astype(np.float32)
    several = isinstance(inputs, list)
    arrays = [one if isinstance(one, np.ndarray) else draw(one) for one in (inputs if several else [inputs])]
    own = masks if several else [masks]
    variables, given = [], {}
    for n, array in enumerate(arrays):
        put(f"in/{n}", array)
        variables.append(tf.Variable(array))
    call = {}
    extra = {}
    for key, value in kwargs.items():
        flat = leaves(value)
        if all(isinstance(one, np.ndarray) for one in flat):
            names = []
            for n, one in enumerate(flat):
                put(f"{key}/{n}", one)
                names.append(f"{key}/{n}")
                extra[f"{key}/{n}"] = tf.Variable(one) if one.dtype == np.float32 else tf.constant(one)
            call[key] = names if isinstance(value, (list, tuple)) else names[0]
        else:
            call[key] = value

    def read():
        xs = [tf.identity(variable) for variable in variables]
        for n, (x, mask) in enumerate(zip(xs, own or [None])):
            if mask is not None:
                put(f"mask/{n}", mask)
                keras.src.backend.set_keras_mask(x, tf.constant(mask))
        look = lambda key: [look(one) for one in key] if isinstance(key, list) else extra[key] if isinstance(key, str) else key
        more = {key: look(value) for key, value in call.items()}
        if training is not None:
            more["training"] = training
        return layer(xs if several else xs[0], **more)

    read()
    weights = layer.weights
    before = []
    for n, weight in enumerate(weights):
        if "seed" in weight.path or "seed" in weight.name:
            raise ValueError(weight.path)
        value = 0.6 * draw(weight.shape)
        weight.assign(np.abs(value) + 0.3 if "variance" in weight.name else value)
        before.append(weight.numpy())
        put(f"w/{n}", before[-1])
    with tf.GradientTape() as tape:
        results = leaves(read())
        loss = 0.0
        for n, result in enumerate(results):
            put(f"out/{n}", result.numpy())
            mask = keras.src.backend.get_keras_mask(result)
            if mask is not None:
                put(f"outmask/{n}", mask.numpy())
            if result.dtype == tf.float32:
                weighting = draw(result.shape)
                put(f"cot/{n}", weighting)
                loss += tf.reduce_sum(result * weighting)
    after = [weight.numpy() for weight in weights]
    for n, (one, other) in enumerate(zip(before, after)):
        if not np.array_equal(one, other):
            put(f"after/{n}", other)
    trained = [weight for weight in weights if weight.trainable] if gradients else []
    if gradients and not isinstance(loss, float):
        targets = {f"grad/in/{n}": v for n, v in enumerate(variables) if v.dtype == tf.float32}
        targets |= {f"grad/{key}": v for key, v in extra.items() if v.dtype == tf.float32}
        targets |= {f"grad/w/{n}": w.value for n, w in enumerate(weights) if w.trainable}
        found = tape.gradient(loss, targets)
        for key, gradient in found.items():
            if gradient is not None:
                put(key, tf.convert_to_tensor(gradient).numpy())
    cases.append(
        {
            "name": name,
            "class_name": layer.__class__.__name__,
            "config": plain(layer.get_config()),
            "several": several,
            "inputs": len(arrays),
            "call": call,
            "training": training,
            "weights": [{"name": w.name, "shape": list(w.shape), "trainable": w.trainable} for w in weights],
            "outputs": len(results),
            **({"note": note} if note else {}),
        }
    )


seq = (B, T, D)
ids = np.array([[1, 2, 0, 3], [4, 0, 0, 0], [0, 5, 1, 2]], dtype=np.int32)
number = lambda *shape: np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)

# Dense, activations
for activation in [None, "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "softplus", "softsign", "squareplus", "soft_shrink",
                   "hard_shrink", "tanh_shrink", "hard_tanh", "sparse_plus", "sparse_sigmoid", "silu", "gelu", "glu", "tanh",
                   "sigmoid", "log_sigmoid", "exponential", "hard_sigmoid", "hard_silu", "mish", "softmax", "log_softmax"]:
    case(L.Dense(4, activation=activation), (B, 5))
case(L.Dense(2, use_bias=False), seq, SIDE)
case(L.Dense(2, kernel_regularizer="l2", bias_constraint="max_norm", kernel_initializer="he_normal"), (2, 2, 2, 3))
for activation in ["relu", "gelu", "softmax"]:
    case(L.Activation(activation), seq, SIDE)
case(L.ReLU(max_value=1.0, negative_slope=0.2, threshold=0.3), seq, SIDE)
case(L.ReLU(max_value=0.7), seq)
case(L.ReLU(negative_slope=0.1), seq)
case(L.ReLU(threshold=0.5), seq)
case(L.LeakyReLU(), seq, SIDE)
case(L.LeakyReLU(negative_slope=0.1), seq)
case(L.PReLU(), seq, SIDE)
case(L.PReLU(shared_axes=[1]), seq)
case(L.ELU(), seq, SIDE)
case(L.ELU(alpha=0.5), seq)
case(L.Softmax(), seq)
case(L.Softmax(axis=1), seq)
case(L.Softmax(axis=[1, 2]), seq)
full = np.repeat(SIDE[:, :, None], D, 2)
case(L.Softmax(), seq, mask=full)
case(L.Softmax(axis=1), seq, mask=np.repeat(EARLY[:, :, None], D, 2))
case(L.Softmax(axis=[1, 2]), seq, mask=full)
case(L.Identity(), seq, SIDE)
case(L.Rescaling(0.5, 1.0), seq, SIDE)
case(L.Rescaling([0.5, 1.0, 2.0], [0.0, 1.0, -1.0]), seq)

# EinsumDense
case(L.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d"), seq, SIDE)
case(L.EinsumDense("abc,cde->abde", output_shape=(None, 2, 4), bias_axes="de", activation="relu"), seq)
case(L.EinsumDense("abcd,cde->abe", output_shape=(None, 4), bias_axes="e"), (2, 3, 2, 3))
case(L.EinsumDense("...x,xy->...y", output_shape=4, bias_axes="y"), (2, 2, 2, 3))
case(L.EinsumDense("ab,bc->ac", output_shape=4), (2, 3))
case(L.EinsumDense("abc,bd->adc", output_shape=(5, None), bias_axes="d"), seq)
case(L.EinsumDense("abc,bcd->abd", output_shape=(T, 2), bias_axes="bd"), seq)

# Embedding, Masking
case(L.Embedding(6, 3), ids)
case(L.Embedding(6, 3, mask_zero=True), ids)
case(L.Embedding(6, 2, mask_zero=True), ids[:, 0])
steps = number(B, T, D)
steps[~SIDE] = 0
case(L.Masking(), steps)
steps = number(B, T, D)
steps[~EARLY] = -1.5
case(L.Masking(mask_value=-1.5), steps)

# Recurrent layers
for layer, states in [(L.LSTM, 2), (L.GRU, 1), (L.SimpleRNN, 1)]:
    begin = lambda: [number(B, 5) * (n + 1) for n in range(states)]
    case(layer(5), seq)
    case(layer(5, return_sequences=True), seq)
    case(layer(5, return_sequences=True, return_state=True), seq, SIDE)
    case(layer(5, return_state=True), seq, EARLY)
    case(layer(5, return_sequences=True), seq, initial_state=begin(), mask=EARLY)
    case(layer(5, return_state=True), seq, initial_state=begin(), mask=EARLY)
    case(layer(5, return_state=True), seq, initial_state=begin())
    case(layer(5, return_sequences=True), seq, SIDE, initial_state=begin(), note="the mask of the sequence isn't filled in beside states")
    case(layer(5, return_sequences=True, go_backwards=True, return_state=True), seq, SIDE)
    case(layer(5, go_backwards=True), seq, EARLY)
    case(layer(5, return_sequences=True, zero_output_for_mask=True), seq, SIDE)
    case(layer(5, zero_output_for_mask=True), seq, SIDE)
    case(layer(5, unroll=True, return_sequences=True), seq, EARLY)
    case(layer(5, use_bias=False, return_sequences=True), seq)
    case(layer(5, activation="relu", return_sequences=True, return_state=True), seq, SIDE)
    case(layer(2, dropout=0.3, recurrent_dropout=0.2), seq, training=False)
    case(layer(3), (B, 1, D))
for options in [dict(recurrent_activation="hard_sigmoid"), dict(activation="gelu", recurrent_activation="tanh")]:
    case(L.LSTM(4, **options), seq, SIDE)
    case(L.GRU(4, **options), seq, SIDE)
    case(L.GRU(4, reset_after=False, **options), seq, SIDE)
case(L.LSTM(4, unit_forget_bias=False), seq)
case(L.GRU(4, reset_after=False, return_sequences=True, return_state=True), seq, EARLY)
case(L.GRU(4, reset_after=False, use_bias=False), seq)
case(L.GRU(4, use_bias=False, activation="relu"), seq)
case(L.RNN(L.LSTMCell(4), return_sequences=True, return_state=True), seq, SIDE)
case(L.RNN(L.GRUCell(4), go_backwards=True), seq)
case(L.RNN([L.LSTMCell(4), L.GRUCell(2)], return_sequences=True), seq, EARLY)
case(L.RNN([L.SimpleRNNCell(4), L.SimpleRNNCell(2)], return_sequences=True), seq)
case(L.RNN(L.StackedRNNCells([L.GRUCell(4), L.GRUCell(4, reset_after=False), L.SimpleRNNCell(3)])), seq, SIDE)
for inner in [lambda **o: L.LSTM(3, **o), lambda **o: L.GRU(3, **o), lambda **o: L.SimpleRNN(3, **o)]:
    for mode in ["concat", "sum", "ave", "mul", None]:
        case(L.Bidirectional(inner(return_sequences=True), merge_mode=mode), seq, SIDE)
    case(L.Bidirectional(inner()), seq, EARLY)
    case(L.Bidirectional(inner(), merge_mode=None), seq)
    case(L.Bidirectional(inner(return_sequences=True)), seq)
states = lambda n: [number(B, 3) * (k + 1) for k in range(n)]
case(L.Bidirectional(L.LSTM(3, return_sequences=True, return_state=True)), seq)
case(L.Bidirectional(L.GRU(3, return_state=True)), seq)
case(L.Bidirectional(L.LSTM(3, return_sequences=True)), seq, initial_state=states(4))
case(L.Bidirectional(L.GRU(3, return_sequences=True)), seq, initial_state=states(2), mask=EARLY)
case(L.Bidirectional(L.GRU(3), backward_layer=L.GRU(4, go_backwards=True)), seq)
case(L.Bidirectional(L.RNN(L.GRUCell(3), return_sequences=True)), seq, SIDE)
case(L.TimeDistributed(L.Dense(2, activation="tanh")), seq, SIDE)
case(L.TimeDistributed(L.LSTM(3)), (2, 3, 4, 2))
case(L.TimeDistributed(L.LayerNormalization()), seq)
case(L.TimeDistributed(L.Conv1D(2, 2)), (2, 3, 4, 2))
case(L.TimeDistributed(L.Flatten()), (2, 3, 4, 2))
case(L.TimeDistributed(L.GlobalAveragePooling1D()), (B, T, 2, 3), mask=np.repeat(SIDE[:, :, None], 2, 2) | np.array([True, False]))
case(L.TimeDistributed(L.BatchNormalization()), seq)
case(L.TimeDistributed(L.Dropout(0.5)), seq, training=False)

# Normalisation
case(L.LayerNormalization(), seq, SIDE)
case(L.LayerNormalization(epsilon=1e-6, center=False), seq)
case(L.LayerNormalization(scale=False), seq)
case(L.LayerNormalization(scale=False, center=False), seq)
case(L.LayerNormalization(axis=1), seq)
case(L.LayerNormalization(axis=[1, 2]), (2, 3, 4))
case(L.LayerNormalization(axis=[-1, 1]), (2, 3, 2, 4))
case(L.LayerNormalization(rms_scaling=True), seq)
case(L.RMSNormalization(), seq, SIDE)
case(L.RMSNormalization(axis=[1, 2], epsilon=1e-3), seq)
case(L.BatchNormalization(), seq, SIDE)
case(L.BatchNormalization(axis=1, scale=False), (2, 3, 4))
case(L.BatchNormalization(center=False, epsilon=1e-2), (4, 5))
case(L.BatchNormalization(momentum=0.8), (4, 5), training=True)
case(L.BatchNormalization(), (2, 3, 4, 5), training=True)
case(L.BatchNormalization(momentum=0.9), seq, SIDE, training=True)
case(L.BatchNormalization(trainable=False), seq, training=True)
case(L.GroupNormalization(groups=2), (2, 3, 4), np.ones((2, 3), dtype=bool))
case(L.GroupNormalization(groups=-1), (2, 3, 3, 4))
case(L.GroupNormalization(groups=1, axis=1, scale=False), (2, 4, 3))
case(L.GroupNormalization(groups=2, center=False, epsilon=1e-5), (2, 4))
case(L.UnitNormalization(), seq, SIDE)
case(L.UnitNormalization(axis=[1, 2]), seq)

# Noise, while not training
for layer in [L.Dropout(0.5), L.SpatialDropout1D(0.5), L.GaussianDropout(0.5), L.GaussianNoise(0.5)]:
    case(layer, seq, SIDE, training=False)
case(L.SpatialDropout2D(0.5), (2, 2, 2, 2), training=False)

# Merges
for layer in [L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum]:
    case(layer(), [seq, seq])
    case(layer(), [seq, seq], [SIDE, EARLY])
    case(layer(), [seq, seq], [SIDE, None])
    case(layer(), [seq, (B, 1, D)])
    if layer is not L.Subtract:
        case(layer(), [seq, seq, seq], [None, SIDE, EARLY])
        case(layer(), [(B, D), seq])
case(L.Add(), [(2, 3, 1), (2, 1, 4)])
case(L.Concatenate(), [seq, (B, T, 2)], [SIDE, EARLY])
case(L.Concatenate(), [seq, (B, T, 2)], [SIDE, None])
case(L.Concatenate(axis=1), [seq, (B, 2, D)], [SIDE, np.array([[1, 0], [1, 1], [0, 0]], dtype=bool)])
case(L.Concatenate(axis=1), [seq, (B, 2, D)], [None, np.array([[1, 0], [1, 1], [0, 0]], dtype=bool)])
case(L.Concatenate(axis=1), [seq, (B, 2, D), (B, 1, D)])
case(L.Dot(axes=1), [(2, 3), (2, 3)])
case(L.Dot(axes=-1), [seq, seq], [SIDE, SIDE])
case(L.Dot(axes=(2, 1), normalize=True), [(2, 4, 3), (2, 3, 5)])
case(L.Dot(axes=(1, 2)), [(2, 4), (2, 3, 4)])
case(L.Dot(axes=(2, 1)), [(2, 3, 4), (2, 4)])
case(L.Dot(axes=(-1, -2)), [(2, 2, 3, 4), (2, 4, 5)])

# Shapes
case(L.Reshape((6, 2)), (2, 3, 4))
case(L.Reshape((-1, 6)), (2, 3, 4), SIDE[:2, :3])
case(L.Reshape((2, 2, 3)), (2, 12))
case(L.Flatten(), (2, 3, 4), SIDE[:2, :3])
case(L.Flatten(), (3,))
case(L.Flatten(data_format="channels_first"), (2, 3, 4))
case(L.Permute((2, 1)), seq)
case(L.Permute((3, 1, 2)), (2, 3, 4, 5))
case(L.RepeatVector(3), (2, 4))
case(L.Cropping1D((1, 2)), (2, 5, 3))
case(L.Cropping1D(1), (2, 5, 3))
case(L.Cropping2D(((1, 0), (2, 1))), (2, 4, 5, 2))
case(L.Cropping2D(1, data_format="channels_first"), (2, 2, 4, 5))
case(L.ZeroPadding1D((1, 2)), seq)
case(L.ZeroPadding1D(2), seq)
case(L.ZeroPadding2D(((1, 0), (2, 1))), (2, 2, 3, 2))
case(L.ZeroPadding2D((1, 2), data_format="channels_first"), (2, 2, 2, 3))
case(L.UpSampling1D(3), seq)
case(L.UpSampling2D((2, 3)), (2, 2, 3, 2))
case(L.UpSampling2D(2, data_format="channels_first"), (2, 2, 2, 3))
case(L.UpSampling2D(2, interpolation="bilinear"), (1, 3, 2, 2))

# Pooling
case(L.GlobalAveragePooling1D(), seq)
case(L.GlobalAveragePooling1D(), seq, SIDE)
case(L.GlobalAveragePooling1D(keepdims=True), seq, mask=SIDE)
case(L.GlobalAveragePooling1D(data_format="channels_first"), (2, 3, 4), mask=SIDE[:2])
case(L.GlobalMaxPooling1D(), seq, SIDE)
case(L.GlobalMaxPooling1D(keepdims=True, data_format="channels_first"), seq)
case(L.GlobalAveragePooling2D(), (2, 3, 4, 2))
case(L.GlobalMaxPooling2D(keepdims=True), (2, 3, 4, 2))
for layer in [L.MaxPooling1D, L.AveragePooling1D]:
    case(layer(2), (2, 5, 3))
    case(layer(3, strides=1, padding="same"), (2, 5, 3))
    case(layer(2, strides=3, padding="valid"), (2, 7, 3))
    case(layer(2, padding="same", data_format="channels_first"), (2, 3, 5))
for layer in [L.MaxPooling2D, L.AveragePooling2D]:
    case(layer(2), (2, 4, 5, 2))
    case(layer((2, 3), strides=(1, 2), padding="same"), (2, 4, 5, 2))
    case(layer(3, strides=2), (1, 7, 6, 2))

# Convolutions
case(L.Conv1D(4, 3), (2, 6, 3))
case(L.Conv1D(4, 3, padding="same", strides=2, activation="relu"), (2, 6, 3), SIDE[:2, :1].repeat(6, 1))
case(L.Conv1D(4, 3, padding="causal", dilation_rate=2), (2, 6, 3))
case(L.Conv1D(4, 2, groups=2, use_bias=False), (2, 6, 4))
case(L.Conv1D(4, 2, data_format="channels_first", padding="same"), (2, 3, 6)) if tf.config.list_physical_devices("GPU") else None
case(L.Conv2D(4, 3), (2, 5, 6, 2))
case(L.Conv2D(4, (2, 3), strides=(2, 1), padding="same"), (2, 5, 6, 2))
case(L.Conv2D(3, 2, strides=2, activation="gelu"), (1, 4, 6, 2))
case(L.Conv2D(4, 2, dilation_rate=2, padding="same"), (2, 5, 6, 2))
case(L.Conv2D(4, 2, groups=2), (2, 3, 4, 4))
case(L.Conv2D(4, 4, strides=3), (1, 8, 11, 1))
case(L.DepthwiseConv1D(3, padding="same"), (2, 5, 3))
case(L.DepthwiseConv1D(2, depth_multiplier=2, strides=2), (2, 5, 3))
case(L.DepthwiseConv2D(3), (2, 4, 5, 2))
case(L.DepthwiseConv2D((2, 2), depth_multiplier=2, padding="same", strides=2, activation="relu"), (2, 4, 5, 3))
case(L.SeparableConv1D(4, 3, padding="same"), (2, 5, 3))
case(L.SeparableConv1D(4, 2, depth_multiplier=2, strides=2), (2, 5, 3))
case(L.SeparableConv2D(3, 2, depth_multiplier=2), (2, 4, 4, 2))
case(L.Conv2DTranspose(3, 2), (1, 3, 4, 2))
case(L.Conv2DTranspose(3, 3, strides=2, padding="same"), (1, 3, 4, 2))
case(L.Conv2DTranspose(3, 3, strides=2), (1, 3, 4, 2))
case(L.Conv2DTranspose(3, 2, strides=3), (1, 2, 3, 2))
case(L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1, use_bias=False), (1, 2, 3, 2))

with open("cases.json", "w") as file:
    json.dump({"made_with": f"Keras {keras.__version__}, tensorflow {tf.__version__}, {__file__.split('/')[-1]}", "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
save_file(tensors, "cases.safetensors")
print(len(cases), "cases")
