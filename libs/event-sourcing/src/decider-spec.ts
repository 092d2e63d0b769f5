import { isRejection, type FaultCode } from '@alfa-cloud/contracts';
import { deepStrictEqual, fail } from 'node:assert/strict';
import { fold, type Decider } from './decider.ts';

/** What is expected of a decision. */
export interface Expectation<Event> {
  /** Exactly these events, in this order. */
  expect(...events: Event[]): void;
  /** A `Rejection` with exactly these codes, in this order. */
  rejects(...codes: FaultCode[]): void;
}

/** Specification of a decider by example: `deciderSpec(d).given(events).when(command).expect(events)`. */
export const deciderSpec = <State, Command, Event>(decider: Decider<State, Command, Event>) => ({
  given: (...history: Event[]) => ({
    when: (command: Command): Expectation<Event> => {
      const decide = () => decider.decide(command, fold(decider, history));
      return {
        expect: (...events) => deepStrictEqual(decide(), events),
        rejects: (...codes) => deepStrictEqual(codesOfRejection(decide), codes),
      };
    },
  }),
});

const codesOfRejection = (decide: () => unknown[]): FaultCode[] => {
  let decided: unknown[];
  try {
    decided = decide();
  } catch (error) {
    if (isRejection(error)) return error.faults.map((fault) => fault.code);
    throw error;
  }
  return fail(`Expected a rejection, got ${JSON.stringify(decided)}`);
};
