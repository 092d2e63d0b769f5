import { expect, test } from '@jest/globals';
import { createBuildOutputReader, stagesIn } from './build-output.ts';

const read = (chunks: readonly (string | Buffer)[]) => {
  let output = '';
  const reader = createBuildOutputReader((text) => (output += text));
  for (const chunk of chunks) reader.write(chunk);
  return { ...reader.end(), output };
};
const lines = (...told: object[]) => told.map((each) => `${JSON.stringify(each)}\r\n`).join('');

test('the image is the last that is told, and output comes as it is, also cut anywhere', () => {
  const told = lines(
    { stream: 'Step 1/2 : FROM base' },
    { stream: '\n' },
    { stream: ' ---> 0123456789ab\n' },
    { stream: 'Step 2/3 : ENV A=1' },
    { stream: ' ---> Using cache\n' },
    { stream: ' ---> 111111111111\n' },
    { stream: 'Step 3/3 : RUN true' },
    { stream: ' ---> Running in 333333333333\n' },
    { stream: ' ---> 222222222222\n' },
    { aux: { ID: 'sha256:first' } },
    { stream: 'ёж\n' },
    { aux: { ID: 'sha256:last' } },
  );
  const bytes = Buffer.from(told);
  const whole = read([told]);
  expect(whole).toEqual({
    failure: null,
    imageId: 'sha256:last',
    stages: ['222222222222'],
    output: expect.stringMatching(/^Step 1\/2 : FROM base\n ---> 0123456789ab\n[^]*ёж\n$/),
  });
  for (let at = 1; at < bytes.length; at += 1) {
    expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  }
});

test('an error inside the answer is a failure, whatever came before', () => {
  const answer = lines(
    { stream: 'Step 1/1 : RUN false\n' },
    {
      errorDetail: { code: 1, message: 'returned a non-zero code: 1' },
      error: 'returned a non-zero code: 1',
    },
  );
  expect(read([answer]).failure).toBe('returned a non-zero code: 1');
  expect(read([lines({ error: 'old form' })]).failure).toBe('old form');
});

test('an answer that ends without an image and without an error tells of no image', () => {
  expect(read(['{"stream":"Step 1/2 : FROM ba'])).toMatchObject({ imageId: null, failure: null });
  expect(read(['null\n', 'nonsense\n', '[1]\n'])).toMatchObject({ imageId: null, failure: null, output: '' });
});

test('progress of a pull is left out, its milestones are not', () => {
  const told = lines(
    { status: 'Pulling fs layer', id: 'a1' },
    { status: 'Downloading', progress: '[=>  ]', id: 'a1' },
    { status: 'Pull complete', id: 'a1' },
  );
  expect(read([told]).output).toBe('a1: Pulling fs layer\na1: Pull complete\n');
});

test('the text of builds tells what each of them has made, but not what was there before', () => {
  const first =
    'Step 1/3 : FROM a:1\n ---> aaaaaaaaaaaa\nStep 2/3 : RUN x\n ---> Running in 000000000000\nout\n ---> bbbbbbbbbbbb\n';
  const second =
    'Step 1/3 : FROM a:1\n ---> aaaaaaaaaaaa\nStep 2/3 : RUN x\n ---> Using cache\n ---> bbbbbbbbbbbb\nStep 3/3 : RUN y\n ---> cccccccccccc\n';
  expect(stagesIn(first + second)).toEqual(['bbbbbbbbbbbb', 'cccccccccccc']);
});
