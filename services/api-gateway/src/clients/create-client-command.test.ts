import { expect, test } from '@jest/globals';
import { conforms, CreateClient, deriveId } from '@alfa-cloud/contracts';
import { inMemoryVault } from '@alfa-cloud/secrets/testing';
import { faultsOfDefaults, toCreateClientCommand } from './create-client-command.ts';

const ids = { clientId: deriveId('client'), serverId: deriveId('server') };
const attributes = {
  name: ' Лаборатория ',
  slug: 'lab',
  email: 'lab@example.test',
  expireDate: '2027-01-31',
  image: 'alfa-client:1',
};

test('defaults are filled in and what is personal is sealed', async () => {
  const vault = inMemoryVault();
  const command = await toCreateClientCommand(ids, { ...attributes, limits: { pids: 64 } }, vault);
  expect(conforms(CreateClient, command)).toBe(true);
  const { personal, ...open } = command;
  expect(open).toEqual({
    ...ids,
    slug: 'lab',
    locale: 'ru',
    expireDate: '2027-01-31',
    image: 'alfa-client:1',
    limits: { memoryMb: 512, cpus: 1, pids: 64 },
    demo: false,
    sendSuccess: false,
  });
  expect(JSON.parse(await vault.open(personal))).toEqual({
    name: 'Лаборатория',
    email: 'lab@example.test',
    ownerLogin: 'lab@example.test',
    notes: '',
  });
});

test('a client can be made without warnings of the end of use', async () => {
  const vault = inMemoryVault();
  const command = await toCreateClientCommand(ids, { ...attributes, expiryWarnings: false }, vault);
  expect(conforms(CreateClient, command)).toBe(true);
  expect(command.expiryWarnings).toBe(false);
});

test('a password of the owner is sealed, and absent when it shall be made', async () => {
  const vault = inMemoryVault();
  const command = await toCreateClientCommand(ids, { ...attributes, ownerPassword: 'secret 123' }, vault);
  expect(await vault.open(command.ownerPassword ?? '')).toBe('secret 123');
});

test('an e-mail address that is no login is a fault only when it is to be the login', () => {
  const email = 'o"brien@example.test';
  expect(faultsOfDefaults({ ...attributes, email })).toMatchObject([
    { pointer: '/data/attributes/ownerLogin' },
  ]);
  expect(faultsOfDefaults({ ...attributes, email, ownerLogin: 'obrien' })).toEqual([]);
});
