// `vue-tsc` by the TypeScript of this package: the one of the project is the native compiler, which has no interface for it.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('vue-tsc').run(require.resolve('typescript/lib/tsc'));
