import { allSuitesOn } from './suites/all-suites.ts';

allSuitesOn('ssh');
