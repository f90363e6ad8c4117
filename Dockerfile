# modelc serve, in a slim image: docker build -t modelc . && docker run -p 8080:8080 -v $PWD/models:/models modelc m.modelc
# The models lie in /models; kernels and plans are kept in /cache, which may be a volume.

FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY modelc modelc
RUN python -m venv /opt/modelc \
    && /opt/modelc/bin/pip install --no-cache-dir '.[serve]' \
    && find /opt/modelc -name tests -type d -path '*site-packages*' -prune -exec rm -rf {} + \
    && /opt/modelc/bin/pip uninstall --yes pip

FROM python:3.12-slim
COPY --from=build /opt/modelc /opt/modelc
RUN useradd --create-home --uid 10001 modelc && install -d -o modelc /models /cache
ENV PATH=/opt/modelc/bin:$PATH MODELC_CACHE_DIR=/cache PYTHONUNBUFFERED=1
USER modelc
WORKDIR /models
EXPOSE 8080
HEALTHCHECK --interval=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/v2/health/ready', timeout=3)"]
# The shell form would hide SIGTERM from the server, which stops by answering what it took.
ENTRYPOINT ["modelc", "serve", "--host", "0.0.0.0"]
