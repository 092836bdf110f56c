# Builds the release binary and puts it, with the DuckDB library it is linked with, on a distroless base that runs as nobody.
FROM node:22-bookworm AS assets
WORKDIR /src
COPY tracker/package.json tracker/package-lock.json tracker/.npmrc tracker/
COPY ui/package.json ui/package-lock.json ui/.npmrc ui/
RUN cd tracker && npm ci --no-audit --no-fund && cd ../ui && npm ci --no-audit --no-fund
COPY tracker tracker
COPY ui ui
COPY crates/api/openapi.json crates/api/openapi.json
RUN cd tracker && npm run build && cd ../ui && npm run build
COPY scripts/env.sh scripts/fetch-duckdb.sh scripts/
RUN DUCKDB_LIB_DIR=/duckdb scripts/fetch-duckdb.sh

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=assets /src/tracker/dist tracker/dist
COPY --from=assets /src/ui/dist ui/dist
COPY --from=assets /duckdb /duckdb
ENV CARGO_TARGET_DIR=/target DUCKDB_LIB_DIR=/duckdb
RUN cargo build --locked --release --workspace --bin footfall \
    && mkdir -p /out/data && cp /target/release/footfall "$DUCKDB_LIB_DIR/libduckdb.so" /out/

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=nonroot:nonroot /out/data /data
COPY --from=build /out/footfall /out/libduckdb.so /app/
ENV FOOTFALL_DATA_DIR=/data FOOTFALL_LISTEN=0.0.0.0:8000 FOOTFALL_LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
USER nonroot
ENTRYPOINT ["/app/footfall"]
CMD ["serve"]
