import { expect, test } from '@jest/globals';
import { freedByEach, layersOf } from './layers.ts';

const step = (instruction: string, sizeBytes = 0) => ({
  instruction: `/bin/sh -c ${instruction}`,
  sizeBytes,
});

test('sizes come to layers, and instructions that change no file to none', () => {
  const steps = [
    step('#(nop) ADD file:1 in / ', 300),
    step('#(nop)  CMD ["bash"]'),
    step('#(nop) WORKDIR /app'),
    step('#(nop)  USER 0'),
    step('composer install', 40),
    step('#(nop)  LABEL cloud.alfa.build=x'),
  ];
  const layers = [
    { digest: 'a', sizeBytes: 300 },
    { digest: 'b', sizeBytes: 0 },
    { digest: 'c', sizeBytes: 40 },
  ];
  expect(layersOf(['a', 'b', 'c'], steps)).toEqual(layers);
  expect(layersOf(['a', 'c'], steps)).toEqual([layers[0], layers[2]]);
});

test('sizes that do not fit to the layers promise nothing', () => {
  expect(layersOf(['a'], [step('x', 1), step('y', 2)])).toEqual([{ digest: 'a', sizeBytes: 0 }]);
  expect(layersOf(['a', 'b'], [])).toEqual([
    { digest: 'a', sizeBytes: 0 },
    { digest: 'b', sizeBytes: 0 },
  ]);
});

const image = (...layers: [digest: string, sizeBytes: number][]) =>
  layers.map(([digest, sizeBytes]) => ({ digest, sizeBytes }));

test('a layer that an image has which stays is not freed, and what several have that go is freed once', () => {
  const old = image(['base', 1000], ['vendor', 100], ['code 1', 10]);
  const older = image(['base', 1000], ['vendor', 100], ['code 2', 20]);
  expect(freedByEach([old, older], [image(['base', 1000], ['vendor 2', 90])])).toEqual([110, 20]);
  expect(freedByEach([old, older], [])).toEqual([1110, 20]);
  expect(freedByEach([old], [old, older])).toEqual([0]);
});

test('the same layer upon other ones is kept twice by an engine', () => {
  expect(freedByEach([image(['a', 1], ['x', 50])], [image(['b', 1], ['x', 50])])).toEqual([51]);
});
