import {
  alertTitle,
  reasonInWords,
  type AlertView,
  type Language,
  type ResourceOf,
  type alertResource,
  type ResourceAttributes,
  toOne,
} from '@alfa-cloud/contracts';

const attributesOf = (
  { code, about, since, raisedAt, clearedAt, ...stored }: AlertView,
  language: Language,
): ResourceAttributes<'alerts'> => ({
  code,
  title: alertTitle(code, language),
  about,
  detail: reasonInWords(language, stored),
  since,
  raisedAt,
  clearedAt,
});

/** Resource `alerts`. */
export const presentAlert = (alert: AlertView, language: Language): ResourceOf<typeof alertResource> => ({
  type: 'alerts',
  id: alert.id,
  attributes: attributesOf(alert, language),
  relationships: { server: toOne('servers', alert.serverId) },
});

/** An alert that is raised, as an attribute of its server. */
export const presentOwnAlert = (
  alert: AlertView,
  language: Language,
): ResourceAttributes<'servers'>['alerts'][number] => {
  const { clearedAt: _, ...attributes } = attributesOf(alert, language);
  return { id: alert.id, ...attributes };
};
