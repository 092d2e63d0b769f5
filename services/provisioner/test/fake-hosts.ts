/** A virtual host that the proxy has loaded. */
export interface FakeHost {
  /** Value of `X-Alfa-Client`. */
  client: string;
  /** Name under which the container that it leads to is found. */
  upstream: string;
  /** Value of `X-Alfa-Vhost`. */
  digest: string;
  /** In place of the application; null: there is none. */
  page: FakePage | null;
  /** The same while a file is there; null: the host knows of none. */
  closing: (FakePage & { file: string }) | null;
  /** What a client that has moved away is led to: where visitors are told to go, or what requests are passed on to. */
  forward: { redirect: string } | { passedTo: string } | null;
}

/** What the proxy answers in place of an application. */
export interface FakePage {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What a virtual host, or one of its parts, makes the proxy do. */
export const hostOf = (text: string): FakeHost => {
  const [, status] = /return (403|503) \$alfa_page;/.exec(text) ?? [];
  const [, body = ''] = /set \$alfa_page "([^"]*)";/.exec(text) ?? [];
  const headers = Object.fromEntries(
    [...text.matchAll(/^ {4}add_header (\S+) (\S+) always;$/gm)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const digest = /set \$alfa_vhost (\S+);/.exec(text)?.[1] ?? '';
  const file = /if \(-f \/srv\/alfa\/(\S+)\) \{/.exec(text)?.[1];
  const page = { headers: { ...headers, 'x-alfa-vhost': digest }, body };
  return {
    client: /add_header X-Alfa-Client (\S+) always;/.exec(text)?.[1] ?? '',
    upstream: /http:\/\/(\S+):8000;/.exec(text)?.[1] ?? '',
    digest,
    page: status === undefined ? null : { status: Number(status), ...page },
    closing: file === undefined ? null : { status: 503, ...page, file },
    forward: forwardOf(text),
  };
};

const forwardOf = (text: string): FakeHost['forward'] => {
  const [, redirect] = /return 308 (\S+)\$request_uri;/.exec(text) ?? [];
  if (redirect !== undefined) return { redirect };
  const [, passedTo] = /set \$alfa_new (\S+);/.exec(text) ?? [];
  return passedTo === undefined ? null : { passedTo };
};
