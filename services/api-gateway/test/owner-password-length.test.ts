import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generatePassword } from '@alfa-cloud/secrets';
import { readGatewayConfig } from '../src/config.ts';
import { clientId, newClient, type RunningGateway, startGateway } from './support.ts';

let bcrypt: RunningGateway;
let longer: RunningGateway;
beforeAll(async () => {
  bcrypt = await startGateway();
  longer = await startGateway({ config: { ownerPasswordMaxBytes: 200 } });
});
afterAll(() => Promise.all([bcrypt.stop(), longer.stop()]));

const places = [
  {
    path: '/clients/create',
    pointer: '/data/attributes/ownerPassword',
    document: (ownerPassword: string) => newClient({ ownerPassword }),
  },
  {
    path: '/clients/owner_password',
    pointer: '/data/attributes/password',
    document: (password: string) => ({
      data: {
        type: 'owner-passwords',
        attributes: { password },
        relationships: { client: { data: { type: 'clients', id: clientId } } },
      },
    }),
  },
];

const passwords = [
  ['a'.repeat(72), 72],
  [`${'a'.repeat(80)}1`, 81],
  ['я'.repeat(36), 72],
  ['я'.repeat(37), 74],
  ['🧪'.repeat(18), 72],
  [`${'🧪'.repeat(18)}b`, 73],
] as const;

test.each(places)('$path takes no password of which a hash would ignore a part', async (place) => {
  for (const [password, bytes] of passwords) {
    const reply = await bcrypt.send(place.path, { body: place.document(password) });
    if (bytes <= 72) {
      expect(reply.status).toBe(202);
      continue;
    }
    expect(reply.status).toBe(422);
    expect(reply.json.errors).toMatchObject([
      {
        code: 'password_too_long',
        detail: expect.stringContaining(`has ${bytes} bytes in UTF-8 and may have at most 72`),
        source: { pointer: place.pointer },
        meta: { bytes, limitBytes: 72 },
      },
    ]);
    expect(reply.text).not.toContain(password.slice(0, 8));
  }
});

test.each(places)('$path takes longer ones for an image that hashes otherwise', async (place) => {
  for (const [password] of passwords) {
    expect((await longer.send(place.path, { body: place.document(password) })).status).toBe(202);
  }
  const reply = await longer.send(place.path, { body: place.document('я'.repeat(101)) });
  expect(reply.json.errors).toMatchObject([{ meta: { bytes: 202, limitBytes: 200 } }]);
});

test.each(places)(
  '$path takes no half of a surrogate pair, which would be stored as another character',
  async (place) => {
    const raw = JSON.stringify(place.document('MARK12345')).replace('MARK', String.raw`\ud83e`);
    expect((await bcrypt.send(place.path, { raw })).status).toBe(422);
  },
);

test('the limit is a setting, and never so low that a generated password does not pass', () => {
  const limit = (value?: string) =>
    readGatewayConfig(value === undefined ? {} : { ALFA_OWNER_PASSWORD_MAX_BYTES: value })
      .ownerPasswordMaxBytes;
  expect(limit()).toBe(72);
  expect(limit('800')).toBe(800);
  expect(limit(String(Buffer.byteLength(generatePassword())))).toBe(24);
  for (const wrong of ['23', '801', 'all'])
    expect(() => limit(wrong)).toThrow('ALFA_OWNER_PASSWORD_MAX_BYTES');
});
