import type { PageSize } from './event-pages.ts';

/** Work between two turns of the event loop. */
export const PAGE: PageSize = { events: 256, bytes: 1024 * 1024 };
/** Heads looked at between two turns when most may be filtered away. */
export const SCAN_HEADS = 2048;
