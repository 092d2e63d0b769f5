import { newId } from '@alfa-cloud/contracts';
import { expect, test } from '@jest/globals';
import { parseCommand } from './parse-command.ts';

const sound = {
  id: newId(),
  name: 'CancelOperation',
  data: { operationId: newId() },
  actor: 'admin',
  correlationId: 'c',
  causationId: 'c',
  issuedAt: '2026-11-22T18:00:00.000Z',
  fingerprint: 'f',
};

const read = (content: unknown, name = 'CancelOperation', maxBytes = 1000) =>
  parseCommand(
    {
      subject: `alfa.commands.provisioner.${name}`,
      data: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
      ack: '',
      sequence: 1,
      attempt: 1,
      born: '',
    },
    'provisioner',
    maxBytes,
    (each) => each === 'CancelOperation',
  );

test('a sound command is one', () => {
  expect(read(sound)).toEqual({ kind: 'command', id: sound.id, command: sound });
});

test.each([
  ['what is not JSON', '{', null],
  ['what is not an object', 'null', null],
  ['an id that is not a text', { ...sound, id: {} }, null],
  ['a damaged envelope', { ...sound, issuedAt: 'noon' }, sound.id],
  ['an unknown member', { ...sound, more: 1 }, sound.id],
  ['bad data', { ...sound, data: { operationId: 1 } }, sound.id],
  ['another name than its subject says', { ...sound, name: 'CreateClient' }, sound.id],
])('%s is poison and keeps the id where it can be read', (_what, content, id) => {
  expect(read(content)).toMatchObject({ kind: 'poison', id, faults: [expect.anything()] });
});

test.each(['toString', 'BuildImage', 'CreateClient', ''])('the name "%s" is not known here', (name) => {
  expect(read({ ...sound, name }, name)).toMatchObject({ kind: 'poison', command: { name } });
});

test('what is too large is not even read', () => {
  expect(read(sound, 'CancelOperation', 100)).toMatchObject({ kind: 'poison', id: null });
});
