import { expect, test } from '@jest/globals';
import { Type } from 'typebox';
import { ListClientsParameters, toListClients } from '../clients/list-clients-parameters.ts';
import { readParameters } from './query-parameters.ts';
import type { RequestRefused } from './problems.ts';

const read = (search: string) => readParameters(ListClientsParameters, search);

test('numbers, lists and encoded names are understood', () => {
  expect(
    read(
      'page%5Bnumber%5D=3&sort=-name,slug&filter[search]=%D0%9B%D0%B0%D0%B1+1%2B&fields[clients]=&include=server',
    ),
  ).toEqual({
    'page[number]': 3,
    sort: ['-name', 'slug'],
    'filter[search]': 'Лаб 1+',
    'fields[clients]': [],
    include: ['server'],
  });
});

test('everything wrong is told at once, each with its name', () => {
  let refused: RequestRefused | undefined;
  try {
    read('page[size]=0&sort=x&colour=red&include=server&include=server');
  } catch (error) {
    refused = error as RequestRefused;
  }
  expect(refused?.problems.map(({ code, source }) => [code, source?.parameter])).toEqual([
    ['unknown_parameter', 'colour'],
    ['repeated_parameter', 'include'],
    ['invalid_parameter', 'page[size]'],
    ['invalid_parameter', 'sort'],
  ]);
});

const Action = Type.Object(
  { targetImage: Type.String(), dryRun: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

test('true and false are understood, nothing else is', () => {
  expect(readParameters(Action, 'targetImage=true&dryRun=false')).toEqual({
    targetImage: 'true',
    dryRun: false,
  });
  for (const text of ['1', 'TRUE', '', 'null']) {
    expect(() => readParameters(Action, `targetImage=a&dryRun=${text}`)).toThrow('"dryRun" must be boolean');
  }
});

test('a parameter that is missing is named once', () => {
  expect(() => readParameters(Action, '')).toThrow(/^invalid_parameter: "targetImage" is required$/);
});

test('newest clients come first unless told otherwise', () => {
  expect(toListClients({})).toEqual({
    page: { number: 1, size: 25 },
    sort: [{ field: 'createdAt', descending: true }],
    filter: {},
    includeServers: false,
  });
  expect(toListClients({ sort: ['-name'], 'filter[available]': 'false' })).toMatchObject({
    sort: [{ field: 'name', descending: true }],
    filter: { available: false },
  });
});
