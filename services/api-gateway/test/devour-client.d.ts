/** What the test uses of a library that brings no types. */
declare module 'devour-client' {
  interface Answer {
    data: Record<string, unknown>;
    meta: Record<string, unknown>;
    links: Record<string, unknown>;
  }
  export default class JsonApi {
    constructor(options: { apiUrl: string; auth: { username: string; password: string }; logger: boolean });
    define(
      name: string,
      attributes: Record<string, unknown>,
      options?: { collectionPath?: string; type?: string },
    ): void;
    findAll(
      name: string,
      parameters: Record<string, unknown>,
    ): Promise<Omit<Answer, 'data'> & { data: unknown[] }>;
    create(name: string, resource: Record<string, unknown>): Promise<Answer>;
    update(name: string, resource: Record<string, unknown>): Promise<Answer>;
  }
}
