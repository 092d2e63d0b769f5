import type { Identity, Resource } from '../api/request.ts';

/** What a resource is about; null: nothing by itself. */
export const identityOf = ({ relationships }: Resource<unknown>, name: string): Identity | null => {
  const data = relationships?.[name]?.data;
  return data === undefined || data === null || 'length' in data ? null : data;
};
