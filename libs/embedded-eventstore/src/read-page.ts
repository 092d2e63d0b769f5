import type { PageSize } from './event-pages.ts';

/** Work between two turns of the event loop. */
export const PAGE: PageSize = { events: 256, bytes: 1024 * 1024 };
/** Heads that a filtered read examines at most between two turns of the event loop. */
export const SCAN_HEADS = 2048;
