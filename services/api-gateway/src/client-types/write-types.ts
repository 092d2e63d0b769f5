import { writeFileSync } from 'node:fs';
import { apiRoutes } from '../routes.ts';
import { describeTypes } from './describe-types.ts';

// Nothing is asked of the services while the table is made.
const nothing = {} as never;
const file = new URL('../../../../libs/client/src/api-types.ts', import.meta.url);
writeFileSync(file, describeTypes(apiRoutes(nothing, nothing)));
