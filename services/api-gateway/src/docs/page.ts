import { type Language, resourceOf } from '@alfa-cloud/contracts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import { errorCodes } from '../description/errors.ts';
import { topics } from '../description/tags.ts';
import { errorsOf } from '../http/problems.ts';
import type { Description, ShownRoute } from './described.ts';
import { resourceSection } from './resource-section.ts';
import { routeSection, routeTitle } from './route-section.ts';
import { words } from './words.ts';

/** The documentation of the API as HTML, made of its description. Pure; needs no script, and its style from `styleSheet` alone. */
export const docsPage = (description: Description, language: Language, styleSheet: string): string => {
  const say = words[language];
  const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): ShownRoute => ({ ...operation, method, path })),
  );
  const groups = description.tags.map(({ name }) => ({
    name,
    title: topics[name]?.title[language] ?? name,
    routes: routes.filter(({ tags }) => tags.includes(name)),
  }));
  const types = Object.keys(description.components.schemas).filter((name) => resourceOf(name) !== undefined);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say.title}</title>
<link rel="stylesheet" href="${escapeHtml(styleSheet)}">
</head>
<body>
<nav aria-label="${say.contents}">
${groups
  .map((group) =>
    contents(
      group.title,
      group.routes.map((route) => routeLink(route, language)),
    ),
  )
  .join('')}
${contents(
  say.resources,
  types.map(
    (type) => `<a href="#resource-${type}">${escapeHtml(resourceOf(type)?.title[language] ?? type)}</a>`,
  ),
)}
<a href="#errors">${say.errors}</a>
</nav>
<main>
<h1>${say.title}</h1>
<p>${say.intro} <a href="/openapi.json">/openapi.json</a></p>
${groups.map((group) => `<h2 id="topic-${escapeHtml(group.name)}">${escapeHtml(group.title)}</h2>\n${group.routes.map((route) => routeSection(route, description, language)).join('')}`).join('')}
<h2 id="resources">${say.resources}</h2>
${types.map((type) => resourceSection(type, description, language)).join('')}
<h2 id="errors">${say.errors}</h2>
<p>${say.errorsIntro}</p>
<dl>${errorCodes.map((code) => errorRow(code, language)).join('')}</dl>
</main>
</body>
</html>
`;
};

const contents = (title: string, links: string[]): string =>
  `<details><summary>${escapeHtml(title)}</summary><ul>${links.map((link) => `<li>${link}</li>`).join('')}</ul></details>`;

const routeLink = (route: ShownRoute, language: Language): string =>
  `<a href="#${escapeHtml(route.operationId)}"><span class="method ${route.method}">${route.method.toUpperCase()}</span> ${escapeHtml(route.path)}<span class="soft"> ${escapeHtml(routeTitle(route, language))}</span></a>`;

const errorRow = (code: (typeof errorCodes)[number], language: Language): string => {
  const [error] = errorsOf([{ code, detail: '' }], language).errors;
  return `<div id="error-${code}"><dt><code>${code}</code> <span class="soft">${error?.status}</span></dt><dd>${escapeHtml(error?.title ?? '')}</dd></div>`;
};
