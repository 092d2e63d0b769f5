import { alertTitle, reasonInWords, type AlertView, type Language } from '@alfa-cloud/contracts';
import { type Resource, toOne } from '../http/document.ts';

/** Names of the attributes of `alerts`. */
export const alertFields = ['code', 'title', 'about', 'detail', 'since', 'raisedAt', 'clearedAt'] as const;

const attributesOf = (
  { code, about, since, raisedAt, clearedAt, ...stored }: AlertView,
  language: Language,
): Record<(typeof alertFields)[number], unknown> => ({
  code,
  title: alertTitle(code, language),
  about,
  detail: reasonInWords(language, stored),
  since,
  raisedAt,
  clearedAt,
});

/** Resource `alerts`. */
export const presentAlert = (alert: AlertView, language: Language): Resource => ({
  type: 'alerts',
  id: alert.id,
  attributes: attributesOf(alert, language),
  relationships: { server: toOne('servers', alert.serverId) },
});

/** An alert that is raised, as an attribute of its server. */
export const presentOwnAlert = (alert: AlertView, language: Language): Record<string, unknown> => {
  const { clearedAt: _, ...attributes } = attributesOf(alert, language);
  return { id: alert.id, ...attributes };
};
