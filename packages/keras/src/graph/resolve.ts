import { HeedError, nearestName } from '@heed/base';
import { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { isObject, type Json } from '../files/read-json.js';
import { KERAS_LAYERS } from '../known-layers.js';
import { camelCased, plainConfig } from './config-case.js';
import type { LayerSpec } from './model-spec.js';

/** A class of layers, made from its configuration in camel case. */
export interface LayerClass {
  readonly className: string;
  new (config: never): layers.Layer;
}

/** Classes of one's own by the names that files have for them: 'package>Name' or 'Name'; or a list of them, by their `className`. */
export type CustomLayers = Readonly<Record<string, LayerClass>> | readonly LayerClass[];

/**
 * Makes the layer of a configuration: of the caller's classes, of those that TensorFlow.js has been told of, or of Keras's own.
 *
 * @throws HeedError UNKNOWN_NAME with what to register and how; CONFIG_INVALID for options that the layer doesn't take
 */
export function makeLayer(spec: Omit<LayerSpec, 'calls'>, custom: CustomLayers): layers.Layer {
  try {
    return madeLayer(spec, custom);
  } catch (cause) {
    if (HeedError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeedError('CONFIG_INVALID', {
      message: `layer ${spec.name} (${spec.className}): ${reason.slice(0, 300)}`,
      details: { layer: spec.name, className: spec.className },
      cause,
    });
  }
}

function madeLayer(spec: Omit<LayerSpec, 'calls'>, custom: CustomLayers): layers.Layer {
  const { className, registeredName, name } = spec;
  const own = findCustom(custom, registeredName ?? className, className);
  if (own !== undefined) return new own(camelCased(plainConfig(spec.config)) as never);
  const make = KERAS_LAYERS[className];
  const isKerass = registeredName === undefined || registeredName === className;
  if (make !== undefined && isKerass && Object.hasOwn(KERAS_LAYERS, className))
    return make(plainConfig(spec.config), (inner) => makeLayer(specOf(inner), custom));
  const registered = serialization.SerializationMap.getMap().classNameMap[className]?.[0] as unknown as
    | LayerClass
    | undefined;
  if (registered !== undefined) return new registered(camelCased(plainConfig(spec.config)) as never);
  const called = registeredName ?? className;
  const nearest = nearestName(className, Object.keys(KERAS_LAYERS));
  throw new HeedError('UNKNOWN_NAME', {
    message: `layer ${name} is a ${called}, which is not known`,
    hint: `write it as a class that extends KerasLayer, and give it: loadKeras(file, { layers: { ${JSON.stringify(called)}: ${identifier(className)} } })${nearest === undefined ? '' : `; the nearest of Keras's own is ${nearest}`}`,
    details: { layer: name, className, registeredName: called },
  });
}

const identifier = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : 'YourClass');

function findCustom(custom: CustomLayers, registeredName: string, className: string): LayerClass | undefined {
  if (Array.isArray(custom)) return (custom as readonly LayerClass[]).find((one) => one.className === className);
  const byName = custom as Readonly<Record<string, LayerClass>>;
  return [registeredName, className].flatMap((name) => (Object.hasOwn(byName, name) ? [byName[name]!] : []))[0];
}

/** A layer within the configuration of another. */
function specOf(inner: Json): Omit<LayerSpec, 'calls'> {
  const config = isObject(inner['config']) ? inner['config'] : {};
  const registeredName = inner['registered_name'];
  return {
    name: String(config['name'] ?? inner['class_name']),
    className: String(inner['class_name']),
    ...(typeof registeredName === 'string' && { registeredName }),
    config,
  };
}
