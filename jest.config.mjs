/**
 * `unit`: beside the code (`*.test.ts`), needs nothing but Node, runs in seconds.
 * `crash`: beside the code too, kills a worker at every point over everything in memory; run with the integration tests as they take long.
 * `integration`: in `test/` folders, starts real engines (event store, NATS, Docker) through the helpers of `testing/`.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': '<rootDir>/testing/strip-types-transformer.mjs' },
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      moduleNameMapper: { '^(@eventstore/db-client|dockerode|ssh2)$': '<rootDir>/testing/no-engine.mjs' },
      testPathIgnorePatterns: ['/node_modules/', '\\.crash\\.test\\.ts$'],
      testMatch: [
        '<rootDir>/{libs,services,testing,embedded}/*/src/**/*.test.ts',
        '<rootDir>/{console,testing,embedded}/src/**/*.test.ts',
      ],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/{libs,services}/*/test/**/*.test.ts',
        '<rootDir>/{libs,services}/*/src/**/*.crash.test.ts',
        '<rootDir>/{testing,embedded}/test/**/*.test.ts',
      ],
    },
  ],
  testSequencer: '<rootDir>/testing/slowest-first.mjs',
  // Of a test and of a hook: for what never ends. What may take longer on a machine with other work says so.
  testTimeout: 180_000,
};
