import { expect, test } from '@jest/globals';
import { eventCatalogue } from '../events/catalogue.ts';
import { conforms } from '../faults/validation.ts';
import { message } from './message.ts';
import { joined, mapTexts, reasonInWords, reasonOf, wordsOf } from './reason.ts';

const gone = message`Container ${'alfa-one'} was removed by somebody`;
const deep = message`Where the data can not be backed up, withoutBackup=true does without it. ${message`The first failed, so no other was begun: ${joined([gone, message`no answer`], '; ')}`}`;

test('a message in messages is told in each language to its depth', () => {
  expect(reasonInWords('en', reasonOf(deep))).toBe(
    'Where the data can not be backed up, withoutBackup=true does without it. The first failed, so no other was begun: Container alfa-one was removed by somebody; no answer',
  );
  expect(reasonInWords('ru', reasonOf(deep))).toBe(
    'Если данные нельзя сохранить, withoutBackup=true обходится без копии. Первый завершился ошибкой, поэтому другие не начаты: Контейнер alfa-one кто-то удалил; нет ответа',
  );
});

test('a sentence without values is stored as its words alone, and found by them', () => {
  expect(reasonOf(message`no answer`)).toEqual({ reason: 'no answer' });
  expect(reasonInWords('ru', { reason: 'no answer' })).toBe('нет ответа');
});

test('what a former version has stored stays as it is', () => {
  expect(reasonInWords('ru', { reason: 'Container x {} was removed' })).toBe('Container x {} was removed');
});

const failed = (told: object) => ({
  operationId: 'c6e1f2a0-0000-4000-8000-000000000001',
  cause: { code: 'x', step: null, ...told },
  leftovers: [],
});

test.each([
  ['of a former version', { reason: 'x' }, true],
  ['with messages in it', reasonOf(deep), true],
  ['with what is no message', { reason: 'x', message: { template: 'x', values: [{ template: 1 }] } }, false],
])('a failure %s conforms to its event: %#', (_, told, isRight) => {
  expect(conforms(eventCatalogue.OperationFailed, failed(told))).toBe(isRight);
});

test('all texts of a message can be changed, those of messages in it as well', () => {
  const changed = mapTexts(deep, (text) => text.replaceAll('alfa-one', '[redacted]'));
  expect(JSON.stringify(changed)).not.toContain('alfa-one');
  expect(reasonInWords('ru', reasonOf(changed))).toContain('Контейнер [redacted] кто-то удалил');
});

test('an error of others says what it says', () => {
  expect(wordsOf(Object.assign(new Error('x'), { words: gone }))).toBe(gone);
  expect(wordsOf(new Error('5 {} left'))).toEqual({ template: '5 {} left', values: [] });
  expect(wordsOf('thrown')).toEqual({ template: 'thrown', values: [] });
});
