export { deciderSpec, type Expectation } from './decider-spec.ts';
export { inMemoryEventStore, type InMemoryEventStore } from './in-memory-event-store.ts';
