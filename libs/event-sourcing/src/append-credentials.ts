import type { Credentials } from '@eventstore/db-client';

/**
 * Credentials to give with each append, whose mere presence makes the client library use the unary append call.
 * Its other way, the batch stream, has no deadline, fails the pending appends of every client in the process when one
 * connection breaks, and brings the process down when an answer to one of those comes after all.
 * On an insecure connection they are never sent. Null for a secure one without credentials: only the batch way is left.
 */
export const appendCredentials = (connectionString: string): Credentials | null => {
  const [, username, password] = /^esdb(?:\+discover)?:\/\/([^:@/]+):([^@/]+)@/.exec(connectionString) ?? [];
  if (username !== undefined && password !== undefined) {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  }
  return /[?&]tls=false\b/i.test(connectionString) ? { username: 'insecure', password: 'insecure' } : null;
};
