import {
  Id,
  Locale,
  type ListMails,
  mailOrigins,
  mailStatuses,
  mailTemplates,
  MailTemplate,
  retryMail,
} from '@alfa-cloud/contracts';
import { type Static, type TProperties, Type } from 'typebox';
import { metaOf } from '../http/document.ts';
import { pageLinks, pageOf, pageParameters } from '../http/pagination.ts';
import { type Answer, type ApiRequest, type Route, route } from '../http/route.ts';
import { answerWithOperation } from '../operations/answer-operation.ts';
import { ownRoutes } from '../operations/own-routes.ts';
import { startedOn } from '../operations/started.ts';
import { type RouteServices, seeing } from '../services.ts';
import { presentMail, presentMailPreview } from './present-mail.ts';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const filters = {
  ...pageParameters,
  'filter[status]': Type.Optional(Type.Enum([...mailStatuses])),
  'filter[template]': Type.Optional(Type.Enum([...mailTemplates])),
  'filter[origin]': Type.Optional(Type.Enum([...mailOrigins])),
};
const OfClient = closed(filters);
const OfAll = closed({ ...filters, 'filter[client]': Type.Optional(Id) });

/** The mails and what became of them. */
export const mailRoutes = (services: RouteServices): Route[] => [
  route({
    method: 'GET',
    path: '/mails',
    summary: 'Mails to clients, newest first',
    answers: { 200: 'mails[]' },
    parameters: OfAll,
    handle: (request) => listMails(services, request, request.parameters['filter[client]']),
  }),
  route({
    method: 'GET',
    path: '/clients/{id}/mails',
    summary: 'Mails to a client, newest first',
    answers: { 200: 'mails[]' },
    parameters: OfClient,
    handle: (request) => listMails(services, request, request.id),
  }),
  route({
    method: 'GET',
    path: '/mails/preview',
    summary: 'A mail as the client would get it now; a password is not shown',
    answers: { 200: 'mail-previews' },
    parameters: closed({ template: MailTemplate, clientId: Id, locale: Type.Optional(Locale) }),
    async handle(request) {
      const { template, clientId, locale } = request.parameters;
      const asked = { template, clientId, ...(locale !== undefined && { locale }) };
      const { result } = await services.queries.ask('PreviewMail', asked, seeing(request));
      return { status: 200, document: { data: presentMailPreview(`${clientId}.${template}`, result) } };
    },
  }),
  route({
    method: 'GET',
    path: '/mails/{id}',
    summary: 'One mail',
    answers: { 200: 'mails' },
    parameters: closed({}),
    async handle(request) {
      const { result, stale } = await services.queries.ask('GetMail', { id: request.id }, seeing(request));
      return { status: 200, document: { data: presentMail(result, request.language), ...metaOf(stale) } };
    },
  }),
  ...ownRoutes(retryMail, {
    answers: { 202: 'operations', 200: 'operations' },
    parameters: closed({}),
    async handle(request) {
      const mailId = request.id;
      const { result } = await services.queries.ask('GetMail', { id: mailId }, seeing(request));
      const { clientId } = result;
      const started = startedOn(retryMail, clientId, { mailId });
      const commandId = services.commands.idOf(request);
      const sent = await services.commands.send(
        'RetryMail',
        commandId,
        { clientId, mailId },
        request,
        started,
      );
      return answerWithOperation(services, request, sent, started);
    },
  }),
];

const listMails = async (
  services: RouteServices,
  request: ApiRequest<Static<typeof OfClient>>,
  clientId: string | undefined,
): Promise<Answer> => {
  const { parameters, language } = request;
  const page = pageOf(parameters);
  const query: ListMails = { page, filter: filterOf(parameters, clientId) };
  const { result, stale } = await services.queries.ask('ListMails', query, seeing(request));
  return {
    status: 200,
    document: {
      data: result.items.map((mail) => presentMail(mail, language)),
      links: pageLinks(request.path, request.search, { ...page, total: result.total }),
      ...metaOf(stale, { total: result.total }),
    },
  };
};

const filterOf = (parameters: Static<typeof OfClient>, clientId: string | undefined): ListMails['filter'] => {
  const { 'filter[status]': status, 'filter[template]': template, 'filter[origin]': origin } = parameters;
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(status === undefined ? {} : { status }),
    ...(template === undefined ? {} : { template }),
    ...(origin === undefined ? {} : { origin }),
  };
};
