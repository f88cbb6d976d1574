# syntax=docker/dockerfile:1
# The image holds the binary and the CA certificates, and nothing else.
ARG GO_VERSION=1.26.8

# Built on the builder's own platform: Go cross-compiles faster than an emulator runs.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH VERSION=dev
# The flags of .goreleaser.yaml, so that the binary is the one in the archives.
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=${VERSION}" \
    -o /out/atlasctl-sync ./cmd/atlasctl-sync

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/atlasctl-sync /
# By number: Kubernetes' runAsNonRoot cannot check a name.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/atlasctl-sync"]
