import type { Descriptor, HttpRequest } from '@alfa-cloud/contracts';
import type { Static, TObject } from 'typebox';
import { type Answer, type ApiRequest, type BodyRule, type Route } from '../http/route.ts';

/** An operation whose request the gateway answers in a way of its own. */
type Requested = Pick<Descriptor, 'kind'> & { readonly http: HttpRequest | null };

type AttributesOf<Body> = Body extends { attributes: infer Schema extends TObject }
  ? Static<Schema>
  : undefined;

/** The routes of an operation by each of its methods: path and summary as declared, the rest as given here. */
export const ownRoutes = <Parameters extends TObject, const Body extends BodyRule | undefined = undefined>(
  { kind, http }: Requested,
  definition: Pick<Route, 'answers' | 'acts' | 'meta'> & {
    parameters: Parameters;
    body?: Body;
    handle(request: ApiRequest<Static<Parameters>, AttributesOf<Body>>): Promise<Answer>;
  },
): Route[] => {
  if (http === null) throw new Error(`No request asks for an operation ${kind}`);
  const { path, summary } = http;
  return http.methods.map((method) => ({ method, path, summary, ...definition }) as unknown as Route);
};
