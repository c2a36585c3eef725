# An image of cogmock: docker build -t cogmock . && docker run --rm -p 4577:4577 cogmock
#
# A document of definitions is read from /etc/cogmock/cogmock.yaml. State is kept in memory, unless COGMOCK_STATE names
# a file; /var/lib/cogmock is there for it, as a volume:
#   docker run -v cogmock:/var/lib/cogmock -e COGMOCK_STATE=/var/lib/cogmock/state.db …
#
# BASE is any image with Python 3.11 or later and useradd, for amd64 or arm64.
ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS build
COPY pyproject.toml README.md LICENSE /src/
COPY cogmock /src/cogmock
RUN python3 -m venv /opt/cogmock \
 && /opt/cogmock/bin/python -m pip install --no-cache-dir --disable-pip-version-check "/src[fast,saml]" \
 && /opt/cogmock/bin/python -m pip uninstall --yes --quiet pip \
 && find /opt/cogmock -name tests -type d -prune -exec rm -rf {} +

FROM ${BASE}
LABEL org.opencontainers.image.title="cogmock" \
      org.opencontainers.image.description="A local Amazon Cognito" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/cogmock /opt/cogmock
RUN useradd --system --uid 4577 --home-dir /var/lib/cogmock --create-home --shell /usr/sbin/nologin cogmock \
 && mkdir -p /etc/cogmock \
 && printf '%s\n' '# Pools, clients and users: see "Seeding from a file".' '{}' > /etc/cogmock/cogmock.yaml
# Beyond loopback, because a published port reaches the container from outside. COGMOCK_ALLOW_HOST names the hosts by
# which other containers call the control API.
ENV PATH=/opt/cogmock/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    COGMOCK_HOST=0.0.0.0 \
    COGMOCK_ALLOW_HOST=cogmock,host.docker.internal \
    COGMOCK_CONFIG=/etc/cogmock/cogmock.yaml
USER cogmock
VOLUME /var/lib/cogmock
EXPOSE 4577
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["cogmock", "health"]
CMD ["cogmock", "serve"]
