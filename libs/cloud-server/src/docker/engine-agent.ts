import { Agent, type AgentOptions, type ClientRequest } from 'node:http';
import { inspect } from 'node:util';

/** Connections to the API at the same time; further calls wait. A hijacked connection counts only until it is hijacked. */
const connectionsMax = 32;

/** What Node calls for every request that is made by way of an agent. */
interface Requests {
  addRequest(request: ClientRequest, ...more: unknown[]): void;
}

/** Agent for requests to one Docker Engine, as docker-modem makes them. The answer tells nobody to ask anywhere else. */
export abstract class EngineAgent extends Agent {
  readonly #place: string;

  /** @param place for people: where the connections lead */
  constructor(place: string, options: Pick<AgentOptions, 'maxFreeSockets'> = {}) {
    super({ keepAlive: true, maxSockets: connectionsMax, ...options });
    this.#place = place;
  }

  /**
   * docker-modem follows redirects past the agent, to any host, and a scheme that it does not know ends the process. Without the header it
   * takes them for what they are: the answer of something that is no engine.
   */
  addRequest(request: ClientRequest, ...more: unknown[]): void {
    request.prependOnceListener('response', (response) => void delete response.headers.location);
    (Agent.prototype as unknown as Requests).addRequest.call(this, request, ...more);
  }

  /** docker-modem writes every request's options out for its debug log, with every socket of the agent, whether somebody reads it or not. */
  [inspect.custom](): string {
    return `agent of ${this.#place}`;
  }
}
