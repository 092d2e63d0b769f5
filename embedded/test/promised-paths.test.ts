import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '@alfa-cloud/contracts';
import { startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { clientDocument, createCaller, type Caller } from './support/caller.ts';

const password = 'Correct-Horse-7';
const id = newId();
const inLab = (type: string, attributes: object, relationships: object = {}) => ({
  data: { type, attributes, relationships },
});
const ofClient = { client: { data: { type: 'clients', id } } };

/** Every path of the customer's text, in its order, with a request that gets as far as its handler. */
const promised: readonly (readonly [string, string, object?])[] = [
  ['GET', '/servers'],
  ['GET', '/servers/{id}'],
  ['GET', '/clients'],
  ['GET', '/clients/{id}/demo_enable'],
  ['GET', '/clients/{id}/demo_disable'],
  ['GET', '/clients/{id}/maintain_enable'],
  ['GET', '/clients/{id}/maintain_disable'],
  ['GET', '/clients/{id}/send_success'],
  ['GET', '/clients/{id}/send_expire'],
  ['GET', '/clients/{id}/expire_dates_history'],
  ['POST', '/servers/create', inLab('servers', { name: 'a' })],
  ['POST', '/clients/create', clientDocument(id, 'lab-one', 'alfa:1')],
  ['POST', '/clients/owner_password', inLab('clients', { password: 'Correct-Horse-8' }, ofClient)],
  [
    'POST',
    '/cloud_admin_password',
    inLab('admin-credentials', { currentPassword: 'no', newPassword: 'Correct-Horse-9' }),
  ],
  ['PUT', '/servers/{id}', inLab('servers', { active: false })],
  ['PATCH', '/servers/{id}', inLab('servers', { active: false })],
  ['PUT', '/clients/{id}', inLab('clients', { notes: 'a' })],
  ['PATCH', '/clients/{id}', inLab('clients', { notes: 'a' })],
  ['PUT', '/clients/{id}/expire_date', inLab('clients', { expireDate: '2099-12-31', reason: 'Paid' })],
  ['PATCH', '/clients/{id}/expire_date', inLab('clients', { expireDate: '2099-12-31', reason: 'Paid' })],
  ['DELETE', '/clients/{id}?confirm=lab-one'],
  ['DELETE', '/servers/{id}'],
  ['GET', '/servers/{id}/images'],
  ['GET', '/servers/{id}/reboot_server'],
  ['GET', '/clients/{id}/reboot'],
  ['GET', '/clients/deploy'],
  ['GET', '/clients/{id}/create_log'],
  ['GET', '/containers/build_dev'],
  ['GET', '/containers/build_prod'],
  ['GET', '/clients/{id}/switch?targetImage=alfa:2'],
  ['GET', '/clients/switch_all?targetImage=alfa:2'],
  ['GET', '/clients/{id}/migrate'],
  ['GET', '/clients/migrate_all'],
  ['GET', '/clients/move_to?clientId={id}&targetServer={id}'],
  ['GET', '/clients/{id}/copy_to?targetServer={id}'],
  ['GET', '/clients/{id}/users_count'],
];

const cleanup: (() => Promise<unknown>)[] = [];
let call: Caller;
beforeAll(async () => {
  const nats = await startNatsServer();
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  const directory = await temporaryDirectory('alfa-promised-');
  cleanup.unshift(() => directory.remove());
  const env = {
    PATH: process.env['PATH'],
    NATS_URL: nats.url,
    ALFA_DATA_DIR: directory.path,
    ALFA_HTTP_PORT: '0',
    ALFA_OPERATIONS_PORT: '0',
    ALFA_ADMIN_PASSWORD: password,
    ALFA_LOG_LEVEL: 'silent',
    // What is not supported is said by the handler.
    ALFA_REPLY_WAIT_MS: '30000',
  };
  const cloud = createAlfaCloud(readAlfaCloudConfig(env));
  cleanup.unshift(() => cloud.stop());
  await cloud.start();
  call = createCaller(cloud.url, password);
}, 60_000);
afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
}, 60_000);

const codesOf = ({ errors = [] }: { errors?: { code: string }[] }): string[] =>
  errors.map(({ code }) => code);

const text = join(import.meta.dirname, '../../../shared/spec.ru.md');

test('the list is that of the text', async () => {
  const listed = promised.map(([, path]) => path.replace(/\?.*/, ''));
  // The customer's text is not part of this repository: without it the list has to be believed.
  if (!existsSync(text)) return;
  const written = [...(await readFile(text, 'utf8')).matchAll(/`(\/[^`]+)`/g)].map(([, path]) => path);
  expect(written.length).toBeGreaterThan(30);
  expect(new Set(listed)).toEqual(new Set([...written, '/clients/{id}/users_count']));
});

test('every path that the customer was promised answers, and none says that it is not supported', async () => {
  const missing: string[] = [];
  for (const [method, path, document] of promised) {
    const { status, body } = await call(method, path.replaceAll('{id}', id), document);
    const what = `${method} ${path}`;
    const codes = codesOf(body ?? {});
    expect([what, codes.filter((code) => code === 'method_not_allowed' || code === 'internal')]).toEqual([
      what,
      [],
    ]);
    const isAbsent = JSON.stringify(body).includes('There is nothing under this path');
    const isRefused = status === 501 || codes.some((code) => code.startsWith('not_supported'));
    if (isAbsent || isRefused) missing.push(what);
  }
  expect(missing).toEqual([]);
}, 120_000);
