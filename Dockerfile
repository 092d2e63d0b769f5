# One image for all five services; docker-compose.yml says which one a container runs.
ARG NODE_IMAGE=node:24-slim

# Packages alone, so that a change of the sources does not install them again. A test keeps the list of workspaces whole.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs/client/package.json libs/client/
COPY libs/cloud-server/package.json libs/cloud-server/
COPY libs/contracts/package.json libs/contracts/
COPY libs/embedded-eventstore/package.json libs/embedded-eventstore/
COPY libs/event-sourcing/package.json libs/event-sourcing/
COPY libs/messaging/package.json libs/messaging/
COPY libs/operations/package.json libs/operations/
COPY libs/secrets/package.json libs/secrets/
COPY libs/servers/package.json libs/servers/
COPY libs/service-host/package.json libs/service-host/
COPY libs/service-kit/package.json libs/service-kit/
COPY services/api-gateway/package.json services/api-gateway/
COPY services/builder/package.json services/builder/
COPY services/notifier/package.json services/notifier/
COPY services/projector/package.json services/projector/
COPY services/provisioner/package.json services/provisioner/
COPY console/package.json console/
COPY embedded/package.json embedded/
COPY testing/package.json testing/

FROM packages AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The console needs its tools, the client and the types of the API only while it is built.
FROM packages AS console
RUN npm ci --workspace=console --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY libs/client libs/client
COPY console console
RUN npm run build

FROM ${NODE_IMAGE}
# For the builder.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates git openssh-client && rm -rf /var/lib/apt/lists/*
# By this kind it is not offered as an image of a client's application.
LABEL cloud.alfa.image=control-plane
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY libs libs
COPY services services
COPY --from=console /app/console/dist console/dist
# For `npm run admin:reset`.
COPY embedded/src embedded/src
RUN mkdir /data && chown node:node /data
# Provisioner and builder run as root to reach the Docker socket and the clients' configuration; the others run as `node` (see docker-compose.yml).
CMD ["node", "--version"]
