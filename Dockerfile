# One image for all five services; docker-compose.yml says which one a container runs.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs libs
COPY services services
COPY embedded/package.json embedded/package.json
COPY testing/package.json testing/package.json
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app /app
RUN mkdir /data && chown node:node /data
# The provisioner runs as root to reach the Docker socket and the clients' configuration; the others run as `node` (see docker-compose.yml).
CMD ["node", "--version"]
