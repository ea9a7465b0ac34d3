"""Models of many layers, saved by Keras 3.15.1 in both of its formats, with what they gave: models/NAME/{model.keras,model.h5,io.safetensors}."""
import os
os.environ.setdefault('KERAS_BACKEND', 'tensorflow')
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import keras, numpy as np
from keras import layers as L
from safetensors.numpy import save_file
rng = np.random.default_rng(0)


def save(name, model, *xs):
    """Gives a model random weights, and saves it with what it makes of its inputs."""
    for w in model.weights:
        v = rng.normal(size=w.shape).astype(np.float32) * 0.4
        w.assign(np.abs(v) + 0.3 if 'variance' in w.name else v)
    os.makedirs(f'models/{name}', exist_ok=True)
    y = model(*([list(xs)] if len(xs) > 1 else xs))
    ys = y if isinstance(y, (list, tuple)) else [y]
    model.save(f'models/{name}/model.keras')
    model.save(f'models/{name}/model.h5')
    save_file({**{f'input/{i.name}': np.ascontiguousarray(x) for i, x in zip(model.inputs, xs)}, **{f'output/{n}': np.ascontiguousarray(keras.ops.convert_to_numpy(o)) for n, o in enumerate(ys)}}, f'models/{name}/io.safetensors')

i = keras.Input((6, 3), name='a')
x = L.Masking()(i)
x = L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=True)(x)
x = L.Bidirectional(L.RNN(L.SimpleRNNCell(3), return_sequences=True))(x)
x = L.PReLU(shared_axes=[1])(x)
x = L.BatchNormalization()(x)
x = L.LayerNormalization()(x)
x = L.SeparableConv1D(4, 3, padding='same')(x)
x = L.EinsumDense('abc,cd->abd', output_shape=(None, 4), bias_axes='d', activation='gelu')(x)
x = L.GroupNormalization(2)(x)
x = L.UnitNormalization()(x)
x = L.RMSNormalization()(x)
s = L.SpatialDropout1D(0.2)(x)
h, st = L.GRU(4, return_state=True, return_sequences=True)(s)
z, c1, c2 = L.LSTM(4, return_state=True)(h, initial_state=[st, st])
save('mixed', keras.Model(i, [h, z, L.Softmax()(c1), L.Dot(axes=1)([c1, c2]), L.Maximum()([h, s])]), np.where(rng.random((2, 6, 1)) < 0.3, 0, rng.normal(size=(2, 6, 3))).astype(np.float32))

i = keras.Input((8, 8, 2), name='img')
x = L.ZeroPadding2D(1)(i)
x = L.Conv2D(4, 3, strides=2, activation='relu')(x)
x = L.DepthwiseConv2D(3, padding='same')(x)
x = L.SeparableConv2D(4, 2)(x)
x = L.MaxPooling2D(2, strides=1, padding='same')(x)
x = L.Conv2DTranspose(3, 3, strides=2, padding='same')(x)
x = L.UpSampling2D(2)(x)
x = L.Cropping2D(1)(x)
x = L.LeakyReLU()(x)
x = L.Rescaling(2.0, 1.0)(x)
a = L.GlobalAveragePooling2D()(x)
b = L.Flatten()(L.AveragePooling2D(2)(x))
save('image', keras.Model(i, [a, b, L.ELU()(L.Permute((2, 1))(L.Reshape((-1, 3))(x)))]), rng.normal(size=(2, 8, 8, 2)).astype(np.float32))

i = keras.Input((3, 5), dtype='int32', name='tok')
x = L.TimeDistributed(L.Embedding(7, 4, mask_zero=True))(i)
x = L.TimeDistributed(L.LSTM(3))(x)
x = L.TimeDistributed(L.Dense(2))(x)
y = L.TimeDistributed(L.BatchNormalization())(x)
save('time', keras.Model(i, [x, y]), rng.integers(0, 7, (2, 3, 5)).astype(np.int32))

i = keras.Input((5,), dtype='int32', name='tok')
e = L.Embedding(7, 4, mask_zero=True)(i)
x = L.Bidirectional(L.LSTM(3, return_sequences=True, return_state=True))(e)
y = L.Bidirectional(L.LSTM(3, return_sequences=True))(x[0], initial_state=x[1:])
w = L.Concatenate()([e, y])
v = L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode=None)(w)
save('bi', keras.Model(i, [y, *v, L.GlobalAveragePooling1D()(v[1]), L.Add()([v[0], v[1]])]), rng.integers(0, 7, (2, 5)).astype(np.int32))

# Ops with arguments that aren't tensors, which files have apart from the tensors; attention as an op.
i = keras.Input((6, 4), name='a')
x = L.Conv1DTranspose(4, 3, strides=2, padding='same')(i)[:, :6]
x = keras.ops.elu(x, alpha=0.5) + keras.ops.reciprocal(keras.ops.abs(i) + 1)
s = keras.ops.einsum('bid,bjd->bij', x, i)
s = keras.ops.tril(s, k=-1) + keras.ops.triu(s, k=2) + keras.ops.triu(s, k=-2)
h = keras.ops.reshape(x, (-1, 6, 2, 2))
m = keras.ops.expand_dims(keras.ops.expand_dims(keras.ops.tril(keras.ops.ones((6, 6)), k=1), 0), 0) > 0
a = keras.ops.dot_product_attention(h, h, keras.ops.flip(h, axis=1), mask=m, scale=0.6)
b = keras.ops.dot_product_attention(h, h, h, bias=keras.ops.expand_dims(s, 1))
c = keras.ops.dot_product_attention(h, h, h, is_causal=True)
r = L.Resizing(4, 3)(L.ActivityRegularization(l1=0.1)(keras.ops.expand_dims(x, -1)))
n = L.Resizing(3, 7, interpolation='nearest')(keras.ops.moveaxis(keras.ops.expand_dims(i, -1), 1, 2))
save('ops', keras.Model(i, [s, a, b, c, r, n]), np.random.default_rng(1).normal(size=(2, 6, 4)).astype(np.float32))
