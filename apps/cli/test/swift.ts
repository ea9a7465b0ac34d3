import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

/** Whether OpenStack Swift, which speaks S3, is installed. What is to be checked (CI=true) can't do without. */
export const hasSwift = ['proxy', 'account', 'container', 'object'].every((one) =>
  existsSync(`/usr/bin/swift-${one}-server`),
);
if (!hasSwift) {
  const how = 'apt-get install swift-proxy swift-account swift-container swift-object';
  if (process.env['CI'] === 'true') throw new Error(`there is no OpenStack Swift: ${how}`);
  console.error(`Stores are NOT tested. To test them, on Debian: ${how}`);
}

export interface Swift {
  /** What the SDK needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** One device that has everything, as swift-ring-builder would say it in nine processes. */
const RINGS = `
import sys
from swift.common.ring import RingBuilder
for server, port in (one.split(':') for one in sys.argv[1:]):
    builder = RingBuilder(1, 1, 1)
    builder.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port=int(port), device='d1', weight=1))
    builder.rebalance()
    builder.get_ring().save(server + '.ring.gz')
`;

/** Starts a store of one machine in a folder, whose file system has extended attributes. */
export async function startSwift(folder: string): Promise<Swift> {
  const devices = join(folder, 'devices');
  await mkdir(join(devices, 'd1'), { recursive: true });
  const common = [
    'bind_ip = 127.0.0.1',
    'workers = 0',
    `user = ${userInfo().username}`,
    `swift_dir = ${folder}`,
    `devices = ${devices}`,
    'mount_check = false',
    'disable_fallocate = true',
  ];
  const configure = (server: string, port: number, ...rest: readonly string[]): Promise<void> =>
    writeFile(join(folder, `${server}.conf`), ['[DEFAULT]', `bind_port = ${port}`, ...common, ...rest, ''].join('\n'));

  const rings = await Promise.all(
    ['account', 'container', 'object'].map(async (server) => {
      const port = await freePort();
      await configure(
        server,
        port,
        '[pipeline:main]',
        `pipeline = ${server}-server`,
        `[app:${server}-server]`,
        `use = egg:swift#${server}`,
      );
      return `${server}:${port}`;
    }),
  );
  await promisify(execFile)('/usr/bin/python3', ['-c', RINGS, ...rings], { cwd: folder });
  const port = await freePort();
  await configure(
    'proxy',
    port,
    '[pipeline:main]',
    'pipeline = catch_errors cache listing_formats s3api tempauth copy slo dlo proxy-server',
    '[app:proxy-server]',
    'use = egg:swift#proxy',
    'account_autocreate = true',
    ...['catch_errors', 'listing_formats', 'copy', 'slo', 'dlo'].flatMap((one) => [
      `[filter:${one}]`,
      `use = egg:swift#${one}`,
    ]),
    '[filter:cache]',
    'use = egg:swift#memcache',
    'memcache_servers = 127.0.0.1:1', // there is none
    '[filter:s3api]',
    'use = egg:swift#s3api',
    'location = us-east-1',
    '[filter:tempauth]',
    'use = egg:swift#tempauth',
    'user_heed_tester = secret .admin',
  );
  const servers = ['account', 'container', 'object', 'proxy'].map((server) =>
    spawn(`/usr/bin/swift-${server}-server`, [join(folder, `${server}.conf`)], { stdio: 'ignore' }),
  );
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/info`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await pause(100);
  return {
    env: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'heed:tester',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    async close() {
      const ended = servers.map((server) => once(server, 'exit'));
      for (const server of servers) server.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}
