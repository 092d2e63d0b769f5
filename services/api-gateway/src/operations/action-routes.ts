import {
  type CommandName,
  type Descriptor,
  type HttpRequest,
  type Method,
  operations,
  type RequestDocument,
} from '@alfa-cloud/contracts';
import { type TProperties, Type } from 'typebox';
import { type BodyRule, type Route, route } from '../http/route.ts';
import type { RouteServices } from '../services.ts';
import { answerWithOperation } from './answer-operation.ts';
import { bulkRoutes } from './bulk-routes.ts';
import { startedOn } from './started.ts';

/** An operation that a request can ask for. */
type Requested = Descriptor & { http: HttpRequest; command: CommandName };

const isRequested = (operation: Descriptor): operation is Requested =>
  operation.http !== null && operation.command !== null;

/** Routes of every operation whose request is answered with the operation and nothing else, as its descriptor declares them. */
export const actionRoutes = (services: RouteServices): Route[] => [
  ...(operations as readonly Descriptor[])
    .filter(isRequested)
    .filter(({ subject, http }) => subject !== 'clients' && http.own !== true)
    .flatMap((operation) => operation.http.methods.map((method) => actionRoute(services, operation, method))),
  ...bulkRoutes(services),
];

const actionRoute = (services: RouteServices, operation: Requested, method: Method): Route => {
  const { command, data, subject, http } = operation;
  const takesParameters = Object.keys(data.properties).length > 1;
  const document = method === 'GET' ? undefined : http.body;
  return route({
    method,
    path: http.path,
    summary: http.summary,
    acts: true,
    answers: { 202: 'operations', 200: 'operations' },
    parameters: queryOf(data.properties, http.query),
    ...(document === undefined ? {} : { body: bodyOf(document) }),
    async handle(request) {
      const { commands } = services;
      const { id, parameters, attributes } = request;
      const asked = { ...http.fixed, ...parameters, ...parametersOf(document, attributes) };
      const started = startedOn(operation, id, takesParameters ? asked : undefined);
      // What the route has checked is what the command's schema demands: its query and its document are parts of it.
      const target = subject === 'installation' ? {} : { [`${subject}Id`]: id };
      const sendable = { ...target, ...asked } as never;
      const sent = await commands.send(command, commands.idOf(request), sendable, request, started);
      return answerWithOperation(services, request, sent, started);
    },
  });
};

/** The parameters of these names as a query, each with the schema that the command's data have for it. */
export const queryOf = (properties: TProperties, names: readonly string[] = []) =>
  Type.Object(Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name))), {
    additionalProperties: false,
  });

const bodyOf = ({ type, attributes, required }: RequestDocument): BodyRule => ({
  type,
  attributes,
  relationships: {},
  ...(required === undefined ? {} : { required }),
});

const parametersOf = (document: RequestDocument | undefined, attributes: unknown): object => {
  if (document === undefined) return {};
  return document.toParameters?.(attributes as never) ?? (attributes as object);
};
