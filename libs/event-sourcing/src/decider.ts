/** How an aggregate decides: pure functions over plain values, so that a test needs values alone. */
export interface Decider<State, Command, Event> {
  /** What happens because of the command; nothing when it has no effect. Throws a `Rejection` when it is refused. */
  decide(command: Command, state: State): Event[];
  /** The state after an event. Never throws: what has happened has happened. */
  evolve(state: State, event: Event): State;
  initialState(): State;
}

/** The state that events lead to. */
export const fold = <State, Event>(
  decider: Pick<Decider<State, never, Event>, 'evolve' | 'initialState'>,
  events: readonly Event[],
): State => events.reduce<State>((state, event) => decider.evolve(state, event), decider.initialState());
