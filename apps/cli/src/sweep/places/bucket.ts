import { HeedError } from '@heed/base';
import type * as S3 from '@aws-sdk/client-s3';
import { UsageError } from '../../usage-error.js';
import type { S3Address } from './s3-address.js';

/** Objects of a store under one prefix, by the rest of their keys. Each is put there whole, and is seen by everyone once it is put. */
export interface Bucket {
  /** Undefined where there is none. */
  get(key: string, maxBytes: number): Promise<Uint8Array | undefined>;
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Nothing happens where there is one. */
  putNew(key: string, body: string): Promise<void>;
  /** In the order of keys. */
  list(prefix: string): Promise<readonly Listed[]>;
  remove(keys: readonly string[]): Promise<void>;
}

export interface Listed {
  readonly key: string;
  /** When it was put, by the store's clock; milliseconds. */
  readonly time: number;
}

/**
 * Credentials, region and endpoint are for the SDK to find, as all that use it have them: `AWS_ACCESS_KEY_ID`, `AWS_REGION`,
 * `AWS_ENDPOINT_URL_S3`, a profile, or what a machine of the provider is given.
 *
 * @throws UsageError without the package. Whatever is done throws HeedError FILE_ACCESS; FILE_TOO_LARGE
 */
export async function openBucket({ path, bucket: Bucket, prefix }: S3Address): Promise<Bucket> {
  const sdk = await loaded();
  const client = new sdk.S3Client({
    // A store of one's own rarely has a name for each bucket.
    forcePathStyle: (process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']) !== undefined,
    // That requests wait for a connection, as those about a thousand trainings do, is no news.
    requestHandler: { socketAcquisitionWarningTimeout: LONGEST },
  });
  const at = (key: string): { Bucket: string; Key: string } => ({ Bucket, Key: `${prefix}${key}` });
  const guarded = async <T>(action: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw HeedError.isInstance(error) ? error : refused(action, path, error as Failed);
    }
  };
  const put = async (key: string, body: string | Uint8Array, more: object = {}): Promise<void> => {
    await client.send(new sdk.PutObjectCommand({ ...at(key), Body: body, ...more }));
  };
  const get = async (key: string, maxBytes: number): Promise<Uint8Array | undefined> => {
    try {
      const { Body, ContentLength: size = Infinity } = await client.send(new sdk.GetObjectCommand(at(key)));
      if (size > maxBytes) {
        (Body as { destroy?(): void }).destroy?.();
        throw new HeedError('FILE_TOO_LARGE', {
          message: `${path}/${key} has ${size} bytes, the limit is ${maxBytes}`,
          details: { path: `${path}/${key}`, size, maxBytes },
        });
      }
      return await Body!.transformToByteArray();
    } catch (error) {
      if ((error as Failed).name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
  const putNew = async (key: string, body: string): Promise<void> => {
    // Where the store knows no conditions, only of two that put at the same moment the last one's stays.
    if ((await get(key, Infinity)) !== undefined) return;
    try {
      await put(key, body, { IfNoneMatch: '*' });
    } catch (error) {
      const status = (error as Failed).$metadata?.httpStatusCode;
      if (status === PRECONDITION_FAILED) return;
      if (status === CONFLICT) await putNew(key, body);
      else if (status === NOT_IMPLEMENTED) await put(key, body);
      else throw error;
    }
  };
  return {
    get: (key, maxBytes) => guarded('read', () => get(key, maxBytes)),
    put: (key, body) => guarded('write', () => put(key, body)),
    putNew: (key, body) => guarded('write', () => putNew(key, body)),
    list: (part) =>
      guarded('read', async () => {
        const found: Listed[] = [];
        for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: `${prefix}${part}` })) {
          for (const { Key, LastModified } of page.Contents ?? []) {
            found.push({ key: Key!.slice(prefix.length), time: LastModified!.getTime() });
          }
        }
        return found;
      }),
    remove: (keys) =>
      guarded('write', async () => {
        for (const key of keys) await client.send(new sdk.DeleteObjectCommand(at(key)));
      }),
  };
}

// Milliseconds, the most that a timer takes.
const LONGEST = 2 ** 31 - 1;

// There is one; another is being put, and may fail; the store knows no conditions.
const PRECONDITION_FAILED = 412;
const CONFLICT = 409;
const NOT_IMPLEMENTED = 501;

async function loaded(): Promise<typeof S3> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError("s3:// needs a package that isn't installed", 'npm install @aws-sdk/client-s3');
  }
}

/** What the SDK throws. */
interface Failed extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function refused(action: 'read' | 'write', path: string, error: Failed): HeedError {
  const [reason, hint] = reasonOf(error);
  return new HeedError('FILE_ACCESS', {
    message: `can't ${action} ${path}: ${reason}`,
    hint,
    details: { path, code: error.code ?? error.name },
    cause: error,
  });
}

function reasonOf({ name, message, code, $metadata }: Failed): [reason: string, hint: string] {
  const status = $metadata?.httpStatusCode;
  if (name === 'NoSuchBucket') return ['there is no such bucket', 'make it first, or check AWS_ENDPOINT_URL_S3'];
  if (name === 'CredentialsProviderError')
    return ['there are no credentials', 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE'];
  if (status === 401 || status === 403)
    return [`the store refuses (${name})`, 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do'];
  if (message === 'Region is missing') return ['no region is named', 'AWS_REGION, such as us-east-1'];
  if (status === undefined && code !== undefined)
    return [message, 'is the store running there? AWS_ENDPOINT_URL_S3 names another'];
  return [`${name}: ${message}`, 'what the store says itself'];
}
