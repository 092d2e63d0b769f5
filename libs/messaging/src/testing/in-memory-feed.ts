import type { Feed } from '../live-feed.ts';

/** A {@link Feed} within one process; messages pass through JSON and arrive at once. Subjects may hold `*` and a last `>`. */
export const inMemoryFeed = (): Feed & {
  readonly published: readonly { subject: string; message: unknown }[];
} => {
  const published: { subject: string; message: unknown }[] = [];
  const subscriptions = new Set<{
    matches: (subject: string) => boolean;
    handler: (message: unknown) => void;
  }>();
  return {
    published,
    publish(subject, message) {
      const text = JSON.stringify(message);
      published.push({ subject, message: JSON.parse(text) });
      for (const { matches, handler } of subscriptions) if (matches(subject)) handler(JSON.parse(text));
    },
    subscribe(pattern, handler) {
      const subscription = { matches: (subject: string) => subjectMatches(pattern, subject), handler };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
  };
};

const subjectMatches = (pattern: string, subject: string): boolean => {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  const rest = wanted.indexOf('>');
  if (rest >= 0 ? given.length <= rest : given.length !== wanted.length) return false;
  return (rest >= 0 ? wanted.slice(0, rest) : wanted).every(
    (token, place) => token === '*' || token === given[place],
  );
};
