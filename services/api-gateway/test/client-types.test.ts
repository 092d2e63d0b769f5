import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@alfa-cloud/testing';
import { execFile as execFileWithCallback } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeTypes } from '../src/client-types/describe-types.ts';
import { gatewaysOfTest } from './support.ts';

const start = gatewaysOfTest();
const execFile = promisify(execFileWithCallback);
const root = join(import.meta.dirname, '../../..');

test('the types of the client are those of the routes', async () => {
  const { gateway } = await start();
  const routes = gateway.routes.filter(({ mediaType, open }) => mediaType === undefined && open !== true);
  const kept = await readFile(join(root, 'libs/client/src/api-types.ts'), 'utf8');
  // Otherwise: npm run client:types
  expect(kept === describeTypes(routes)).toBe(true);
});

const consumer = `
import { createClient, AlfaError, type Client } from './alfa.mjs';
const alfa: Client = createClient({ url: 'http://127.0.0.1:8080', login: 'admin', password: '' });
const { data } = await alfa.get('/clients', { include: ['server'], fields: { clients: ['name', 'server'] } });
export const health: 'ok' | 'degraded' | 'down' | 'unknown' | undefined = data[0]?.server?.health;
export const name: string | null | undefined = data[0]?.name;
// @ts-expect-error -- the slug was not asked for
void data[0]?.slug;
export const isFault = (error: unknown): error is AlfaError => error instanceof AlfaError;
`;

test('what is served as its types compiles beside it, without anything else', async () => {
  const gateway = await start();
  const types = await gateway.send('/client.d.ts', { headers: { authorization: '' } });
  expect(types.text).not.toMatch(/^import|\bfrom '/m);
  await using directory = await temporaryDirectory('alfa-client-types-');
  await writeFile(join(directory.path, 'alfa.d.mts'), types.text);
  await writeFile(join(directory.path, 'page.mts'), consumer);
  const options = '--noEmit --strict --module nodenext --target es2024 --lib es2024,dom --types';
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const compiled = execFile(process.execPath, [compiler, ...options.split(' '), '', 'page.mts'], {
    cwd: directory.path,
  });
  await expect(compiled).resolves.toMatchObject({ stdout: '' });
});
