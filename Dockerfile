# docker build -t cloudmon-reporter .
# Another base, or one pinned by its digest: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No package needs a script of its own to be installed, so none gets to run one.
RUN npm ci --ignore-scripts
COPY build.js tsconfig.json ./
COPY build ./build
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="cloudmon-reporter" \
      org.opencontainers.image.description="Turns service health into honest status pages" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
# The program is one bundle: neither a package manager nor node_modules are needed to run it.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && mkdir -p /etc/cloudmon-reporter /var/lib/cloudmon-reporter \
 && chown 65532:65532 /var/lib/cloudmon-reporter \
 && chmod 0750 /var/lib/cloudmon-reporter \
 && ln -s /opt/cloudmon-reporter/dist/cli.js /usr/local/bin/cloudmon-reporter \
 && ln -s /opt/cloudmon-reporter/dist/cli.js /usr/local/bin/cloudmon-metrics-reporter
WORKDIR /opt/cloudmon-reporter
# package.json says that the bundle is made of ES modules.
COPY package.json LICENSE ./
COPY --from=build /build/dist ./dist
ENV MP_TELEMETRY__PORT=9090
# What dashboards know and what happened, over restarts. Name a volume to keep it over a new container.
VOLUME ["/var/lib/cloudmon-reporter"]
# By number: Kubernetes cannot tell from a name that it is not root.
USER 65532:65532
# No entrypoint, so that a command is run as it is given. The shebang replaces itself with node,
# which is therefore PID 1 and gets the signals.
ENTRYPOINT []
CMD ["cloudmon-reporter", "--config", "/etc/cloudmon-reporter/config.yaml"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["cloudmon-reporter", "healthcheck"]
