# The image of Ballast. `make image` builds it (scripts/build-image.sh), and so does any other
# builder of Dockerfiles. The base may carry a digest: --build-arg BASE=debian@sha256:...
ARG BASE=debian:trixie-slim

# The compiler stays in this stage. /out is what the image gets from it.
FROM ${BASE} AS build
WORKDIR /src
COPY scripts/install-deps.sh scripts/
RUN scripts/install-deps.sh \
 && apt-get install -y -qq --no-install-recommends ccache >/dev/null
COPY . .
ARG JOBS=2
ENV CCACHE_DIR=/var/cache/ccache
RUN --mount=type=cache,target=/var/cache/ccache \
    cmake --preset release -DBALLAST_TESTS=OFF >/dev/null \
 && cmake --build build -j ${JOBS} --target ballast \
 && mkdir /out \
 && strip -o /out/ballast build/ballast \
 && scripts/runtime-packages.sh /out/ballast >/out/packages \
 && /out/ballast --version

# The libraries that the program is linked with, and the certificates of public authorities.
FROM ${BASE} AS runtime
RUN --mount=type=bind,from=build,source=/out,target=/out \
    apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates $(cat /out/packages) >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old \
      /var/cache/ldconfig/* /var/log/apt /var/log/*.log

FROM build AS sbom
COPY --from=runtime /var/lib/dpkg /runtime-dpkg
RUN scripts/write-sbom.sh /out/ballast /runtime-dpkg >/out/sbom.spdx.json

FROM runtime
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="ballast" \
      org.opencontainers.image.description="Keeps Spark jobs inside what a Kubernetes cluster can hold" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="debian:trixie-slim"
COPY --from=build /out/ballast /usr/local/bin/ballast
COPY --from=sbom /out/sbom.spdx.json /usr/share/doc/ballast/sbom.spdx.json
# A number, so that Kubernetes knows that it is not root without reading the image's files.
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/local/bin/ballast"]
CMD ["serve"]
