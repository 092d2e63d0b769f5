import { expect, test } from '@jest/globals';
import { faultCatalogue } from '@alfa-cloud/contracts';
import { errorsOf, problemOfFault, statusOfKind } from './problems.ts';

test('every fault of the catalogue has the status of its kind', () => {
  for (const [code, { kind, title }] of Object.entries(faultCatalogue)) {
    const { status, errors } = errorsOf([{ code: code as keyof typeof faultCatalogue, detail: 'x' }]);
    expect([status, errors[0]?.title]).toEqual([statusOfKind[kind], title]);
  }
});

test('problems of different statuses are summed up', () => {
  const problem = (code: 'type_not_accepted' | 'required' | 'unavailable') => ({ code, detail: 'x' });
  expect(errorsOf([problem('required'), problem('required')]).status).toBe(422);
  expect(errorsOf([problem('required'), problem('type_not_accepted')]).status).toBe(400);
  expect(errorsOf([problem('required'), problem('unavailable')]).status).toBe(503);
});

test('a code that nobody knows is an internal error, even one that objects have', () => {
  for (const code of ['made_up', 'constructor', '__proto__']) {
    expect(errorsOf([{ code: code as 'internal', detail: 'x' }]).status).toBe(500);
  }
});

test('a fault in the form of a query parameter is a malformed request, any other keeps its code', () => {
  const problem = problemOfFault({ code: 'validation_failed', detail: 'x', parameter: 'page[after]' });
  expect(errorsOf([problem])).toMatchObject({
    status: 400,
    errors: [
      {
        code: 'invalid_parameter',
        detail: '"page[after]" x',
        source: { parameter: 'page[after]' },
      },
    ],
  });
  const absent = problemOfFault({ code: 'image_not_on_server', detail: 'x', parameter: 'targetImage' });
  expect(errorsOf([absent])).toMatchObject({
    status: 422,
    errors: [{ code: 'image_not_on_server', source: { parameter: 'targetImage' } }],
  });
});
