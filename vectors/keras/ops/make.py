"""Models whose nodes are ops of Keras, with what they gave and how it changes with their inputs: NAME/{model.keras,io.safetensors}.

python make.py  (Keras 3.15.1, its torch backend, torch 2.13.0, safetensors)
"""

import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch
from keras import ops
from safetensors.numpy import save_file

rng = np.random.default_rng(0)
SHAPE = (2, 3, 4)
VALUES = {
    "a": rng.normal(size=SHAPE).astype(np.float32),
    "b": rng.normal(size=SHAPE).astype(np.float32),
    "p": rng.uniform(0.1, 0.9, size=SHAPE).astype(np.float32),
    "n": np.array([np.nan, np.inf, -np.inf, 1, -2, 0, 0.5, 3, np.nan, 7, -1, 2] * 2, dtype=np.float32).reshape(SHAPE),
    "i": rng.integers(0, 4, size=(2, 3)).astype(np.int32),
    "m": rng.normal(size=(2, 4, 4)).astype(np.float32),
    "v": rng.normal(size=(2, 3)).astype(np.float32),
    "x": rng.normal(size=(2, 6, 6, 4)).astype(np.float32),
    "l": rng.normal(size=(2, 7, 3)).astype(np.float32),
    "k": rng.normal(size=(3, 3, 4, 5)).astype(np.float32),
    "d": rng.normal(size=(3, 3, 4, 2)).astype(np.float32),
    "c": rng.normal(size=(3, 3, 2)).astype(np.float32),
    "g": rng.normal(size=(4,)).astype(np.float32),
    "o": rng.normal(size=(4,)).astype(np.float32),
}


def save(name, names, make):
    """A model of the outputs that `make` gives, and its numbers: of the inputs, the outputs, and Σ cotangent · output by each input of floats."""
    inputs = [keras.Input(batch_shape=VALUES[n].shape, dtype=str(VALUES[n].dtype), name=n) for n in names]
    outputs = make(*inputs)
    model = keras.Model(inputs, outputs)
    tensors = [torch.tensor(VALUES[n], requires_grad=VALUES[n].dtype == np.float32) for n in names]
    results = model(tensors, training=False)
    results = results if isinstance(results, (list, tuple)) else [results]
    saved = {f"input/{n}": VALUES[n] for n in names}
    total = torch.zeros(())
    for n, y in enumerate(results):
        array = y.detach().numpy()
        saved[f"output/{n}"] = array.astype(np.int32) if array.dtype in (np.int64, np.bool_, np.uint8) else array
        if y.dtype == torch.float32 and y.requires_grad and np.isfinite(array).all() and "NotImplemented" not in type(y.grad_fn).__name__:
            cotangent = rng.normal(size=array.shape).astype(np.float32)
            saved[f"cotangent/{n}"] = np.asarray(cotangent)
            total = total + (y * torch.tensor(cotangent)).sum()
    if total.requires_grad:
        total.backward()
        for n, x in zip(names, tensors):
            if x.grad is not None:
                saved[f"gradient/{n}"] = x.grad.numpy()
    os.makedirs(name, exist_ok=True)
    model.save(f"{name}/model.keras")
    save_file({key: np.array(value, order="C") for key, value in saved.items()}, f"{name}/io.safetensors")
    print(name, len(results), "outputs", sum(key.startswith("cotangent") for key in saved), "with gradients")


save("arithmetic", ["a", "b", "p"], lambda a, b, p: [
    ops.sinh(a), ops.cosh(a), ops.tan(p), ops.arcsin(p), ops.arccos(p), ops.arctan(a), ops.arcsinh(a), ops.arccosh(p + 1.5), ops.arctanh(p),
    ops.arctan2(a, b), ops.exp2(a), ops.log2(p), ops.log10(p), ops.erfc(a) if hasattr(ops, "erfc") else ops.erf(a), ops.cbrt(a),
    ops.deg2rad(a), ops.rad2deg(a), ops.sinc(a), ops.trunc(a * 3), ops.fmod(a * 3, b), ops.hypot(a, b), ops.logaddexp(a, b), ops.logaddexp2(a, b),
    ops.fmax(a, b), ops.fmin(a, b), ops.divide_no_nan(a, b), ops.heaviside(a, b), ops.mod(a, p), ops.floor_divide(a, p), ops.power(p, a),
    ops.real(a), ops.conj(a), ops.copy(a),
])
save("questions", ["n", "a", "b"], lambda n, a, b: [
    ops.isnan(n), ops.isinf(n), ops.isfinite(n), ops.isposinf(n), ops.isneginf(n), ops.signbit(a), ops.isclose(a, a + 1e-7), ops.isclose(a, b),
    ops.isclose(n, n, equal_nan=True), ops.isclose(n, n), ops.nan_to_num(n, nan=2.0, posinf=5.0, neginf=-5.0), ops.isreal(a),
    ops.select([a > 0.5, b > 0], [a, b * 2], 3.0), ops.where(a > b, a, 2.0), ops.fmax(n, a), ops.fmin(a, n),
    ops.nansum(n, axis=-1), ops.nanmax(n, axis=1), ops.nanmin(n, axis=(0, 2), keepdims=True), ops.nanmean(ops.where(ops.isinf(n), a, n), axis=-1),
    ops.nanvar(ops.where(ops.isinf(n), a, n), axis=-1), ops.nanstd(ops.where(ops.isinf(n), a, n)), ops.nanprod(ops.where(ops.isinf(n), a, n), axis=0),
])
save("activations", ["a"], lambda a: [
    ops.softsign(a), ops.sparse_plus(a), ops.sparse_sigmoid(a), ops.log_sigmoid(a), ops.hard_sigmoid(a), ops.hard_silu(a), ops.hard_tanh(a),
    ops.tanh_shrink(a), ops.soft_shrink(a), ops.soft_shrink(a, threshold=0.3), ops.hard_shrink(a), ops.hard_shrink(a, threshold=0.8),
    ops.threshold(a, 0.2, -1.0), ops.squareplus(a), ops.squareplus(a, b=2), ops.celu(a), ops.celu(a, alpha=0.5), ops.glu(a), ops.glu(a, axis=0),
])
save("reductions", ["a", "p", "m"], lambda a, p, m: [
    ops.amax(a, axis=1), ops.amin(a, axis=-1, keepdims=True), ops.ptp(a, axis=1), ops.ptp(a), ops.count_nonzero(ops.relu(a[0]), axis=1),
    ops.count_nonzero(a > 0), ops.average(a, axis=1), ops.average(a, axis=2, weights=np.array([0.1, 0.2, 0.3, 0.4], dtype="float32")), ops.average(a), ops.norm(a, axis=-1), ops.norm(a, ord=1, axis=1),
    ops.norm(a, ord=np.inf, axis=-1, keepdims=True), ops.norm(a, ord=3, axis=2), ops.norm(m, ord="fro", axis=(1, 2)), ops.norm(a),
    *ops.moments(a, axes=[0, 2]), *ops.moments(a, axes=[1], keepdims=True), ops.cumprod(p, axis=1), ops.cumprod(p), ops.cumsum(a, axis=-1),
    ops.diff(a), ops.diff(a, n=2, axis=1), ops.trapezoid(a), ops.trapezoid(a, dx=0.5, axis=1), ops.trace(m, axis1=1, axis2=2),
    ops.trace(a, offset=1, axis1=1, axis2=2), ops.var(a, axis=1), ops.std(a), ops.logsumexp(a, axis=(1, 2)),
])
save("orders", ["a", "i", "p"], lambda a, i, p: [
    ops.sort(a), ops.sort(a, axis=1), ops.argsort(a), ops.argsort(a, axis=0), *ops.top_k(a, 2), *ops.top_k(a, 3, sorted=True), ops.median(a), ops.median(a, axis=-1),
    ops.median(a, axis=(0, 1), keepdims=True), ops.quantile(a, 0.3, axis=1), ops.quantile(a, [0.1, 0.5, 1.0], axis=-1), ops.quantile(a, 0.25, keepdims=True),
    ops.digitize(a, np.array([-1.0, 0.0, 0.5], dtype="float32")), ops.take_along_axis(a, ops.argsort(p, axis=1), axis=1), ops.take_along_axis(a, ops.argsort(p)[..., :2], axis=-1),
    ops.argmax(a, axis=1), ops.argmin(a, axis=-1, keepdims=True),
])
save("products", ["a", "b", "m", "v"], lambda a, b, m, v: [
    ops.dot(a, ops.reshape(m, (4, 8))), ops.dot(a[0], b[1, 0]), ops.tensordot(a, b, axes=([1, 2], [1, 2])), ops.tensordot(a, b, axes=([0], [0])),
    ops.tensordot(a, ops.transpose(b, (1, 2, 0)), axes=2), ops.inner(a[0], b[1]), ops.outer(v, a[0, 0]), ops.vdot(a[0, 0], b[0, 1]), ops.kron(v, a[0]),
    ops.matmul(a, m), ops.matmul(a[0, 0], m), ops.einsum("bij,bkj->bik", a, b),
])
save("shapes", ["a", "b", "v"], lambda a, b, v: [
    ops.flip(a), ops.flip(a, axis=(0, 2)), ops.ravel(a), ops.hstack([a, b]), ops.vstack([a, b]), ops.dstack([v, v]), ops.append(a, b), ops.append(a, b, axis=1),
    *ops.array_split(a, 3, axis=2), *ops.split(a, [1, 3], axis=-1), ops.roll(a, 2), ops.roll(a, -1, axis=1), ops.roll(a, (1, 2), axis=(0, 2)), ops.rot90(v), ops.rot90(a, k=3, axes=(1, 2)),
    ops.rot90(a, k=-2), *ops.meshgrid(v[0], v[1]), *ops.meshgrid(v[0], a[0, 0], indexing="ij"), ops.pad(a, ((0, 1), (2, 0), (1, 1)), constant_values=0.5),
    ops.pad(a, ((0, 0), (1, 1), (2, 1)), mode="reflect"), ops.diag(v[0]), ops.diag(v[0], k=-1), ops.diag(a[0], k=1),
    ops.diagonal(a, axis1=1, axis2=2), ops.diagonal(a, offset=-1, axis1=0, axis2=2), ops.full_like(a, 1.5), ops.linspace(v[0], v[1], 5), ops.linspace(v[0], v[1], 4, endpoint=False),
    ops.swapaxes(a, 0, -1), ops.moveaxis(a, (0, 1), (-1, 0)), ops.repeat(a, 2, axis=1), ops.tile(a, (1, 2)), ops.unstack(a, axis=1)[1],
])
save("places", ["a", "i", "v"], lambda a, i, v: [
    ops.scatter(ops.cast(i[0], "int32")[:, None] + np.array([[0], [0], [1]], dtype="int32"), ops.transpose(v), (6, 2)),
    ops.scatter_update(v, np.array([[0, 1], [1, 2]], dtype="int32"), v[0, :2]), ops.slice_update(a, (0, 1, 2), a[:, :1, :2] * 3), ops.segment_sum(ops.transpose(v), np.array([0, 2, 0], dtype="int32"), num_segments=4),
    ops.multi_hot(i, 5), ops.take(a, i, axis=2), ops.take(v, 1, axis=-1), ops.one_hot(i, 4),
])
save("windows", ["x", "l", "k", "d", "c"], lambda x, l, k, d, c: [
    ops.max_pool(x, 2), ops.max_pool(x, (3, 2), strides=(1, 2), padding="same"), ops.average_pool(x, 2), ops.average_pool(x, 3, strides=2, padding="valid"), ops.max_pool(l, 3, strides=2),
    ops.average_pool(l, 2), ops.conv(x, k), ops.conv(x, k, strides=2, padding="same"), ops.conv(x, k, dilation_rate=2), ops.conv(l, c, padding="same"), ops.conv(l, c, strides=2),
    ops.depthwise_conv(x, d), ops.depthwise_conv(x, d, padding="same"), ops.depth_to_space(x, 2), ops.space_to_depth(x, 3), ops.image.rgb_to_grayscale(l[:, None]),
])
save("normalizations", ["a", "g", "o", "p"], lambda a, g, o, p: [
    ops.layer_normalization(a), ops.layer_normalization(a, g, o, epsilon=1e-3), ops.rms_normalization(a), ops.rms_normalization(a, g, epsilon=1e-2),
    ops.batch_normalization(a, g * 0.1, p[0, 0] + 0.5, axis=-1, offset=o, scale=g, epsilon=1e-3), ops.batch_normalization(a, g, p[0, 1], axis=-1), ops.normalize(a, axis=-1),
])
save("former", ["a", "b", "p"], lambda a, b, p: [
    ops.round(a * 3), ops.sign(a), ops.clip(a, -0.5, 0.5), ops.prod(a, axis=1), ops.max(a, axis=(0, 1)), ops.log_softmax(a, axis=1), ops.softmax(a, axis=0), ops.elu(a), ops.gelu(a),
    ops.gelu(a, approximate=False), ops.leaky_relu(a, negative_slope=0.1), ops.selu(a), ops.rsqrt(p), ops.reciprocal(p), ops.log1p(p), ops.expm1(a), ops.erf(a), ops.square(a),
    ops.where(a > b, a * 2, b), ops.where(ops.logical_and(a > 0, b > 0), a, 0.0), ops.maximum(a, b), ops.minimum(a, 0.1), a[:, ::2], a[..., -1], a[1:, None, :, 1:3], ops.tril(a), ops.triu(a, k=1),
    ops.take(a, ops.argmax(p, axis=-1), axis=2), ops.one_hot(ops.argmax(a, axis=-1), 4) * p, ops.cast(a > 0, "float32") * b, ops.broadcast_to(a[:, :1], (2, 5, 4)), ops.squeeze(a[:, :1], axis=1),
    ops.concatenate([a, b], axis=-1), ops.stack([a, b], axis=1), ops.einsum("bij,bkj->bik", a, b), ops.einsum("...ij,jk->...ik", a, ops.transpose(b[0])),
    ops.einsum("bij,bij->b", a, b), ops.einsum("bij->jb", a), ops.einsum("bij,jk,bik->bk", a, ops.matmul(ops.transpose(b[0]), b[1]), b), ops.einsum("bi,bj", a[:, 0], b[:, 0]), ops.cumsum(a, axis=1), ops.stop_gradient(a) * b,
    ops.flip(a, axis=1), ops.any(a > 1, axis=1), ops.all(a > -3), ops.argmax(a), ops.logical_or(a > 0, b > 0), ops.not_equal(a, b), ops.mean(a, axis=(0, 2), keepdims=True),
])


# Layers that prepare what models learn from, and those that do nothing outside of training.
adapted = keras.layers.Normalization(name="adapted")
adapted.adapt(rng.normal(size=(40, 3, 4)).astype(np.float32) * 3 + 1)
planes = keras.layers.Normalization(axis=(1, 3), name="planes")
planes.adapt(rng.normal(size=(20, 6, 6, 4)).astype(np.float32) + 2)
L = keras.layers
save("preparing", ["a", "i", "x"], lambda a, i, x: [
    adapted(a), planes(x), L.Normalization(axis=None, mean=0.5, variance=2.0)(a), L.Normalization(axis=-1, mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0], invert=True)(a),
    L.CategoryEncoding(num_tokens=5)(i), L.CategoryEncoding(num_tokens=5, output_mode="count")(i), L.CategoryEncoding(num_tokens=5, output_mode="one_hot")(i[:, :1]),
    L.Discretization(bin_boundaries=[-1.0, 0.0, 0.5])(a), L.Discretization(bin_boundaries=[0.0, 0.5], output_mode="multi_hot")(a[:, 0]), L.CenterCrop(3, 4)(x), L.CenterCrop(4, 2, data_format="channels_first")(x),
    L.GlobalAveragePooling3D()(ops.expand_dims(x, -1)), L.GlobalMaxPooling3D(keepdims=True)(ops.expand_dims(x, 1)),
    L.RandomZoom(0.2)(L.RandomRotation(0.1)(L.RandomFlip("horizontal")(x))), L.AlphaDropout(0.3)(L.SpatialDropout3D(0.2)(ops.expand_dims(x, -1))),
])
