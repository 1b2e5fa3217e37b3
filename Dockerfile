# The service in a container: locked wheels, no compiler, no root, nothing written outside /tmp and
# the evidence folder, so that it also runs with a read-only root file system.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ONLY_BINARY=:all: \
    PATH=/opt/venv/bin:$PATH
WORKDIR /srv/subsidy
RUN python -m venv /opt/venv

# The libraries come first: they change less often than the code, and keep their layer.
# setuptools builds the package and is no library of the service, so its pin stands in another lock.
COPY requirements/service.txt requirements/sandbox.txt /tmp/requirements/
RUN awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' /tmp/requirements/sandbox.txt \
      > /tmp/requirements/build.txt \
 && pip install --require-hashes -r /tmp/requirements/service.txt \
 && pip install --require-hashes -r /tmp/requirements/build.txt

# Installed in place: the migrations and alembic.ini stand beside the package and are found there.
COPY alembic.ini pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY app app
RUN pip install --no-index --no-deps --no-build-isolation --editable . \
 && python -m compileall -q app migrations \
 && pip uninstall --yes setuptools pip


FROM python:3.11-slim
LABEL org.opencontainers.image.title="dalian-training-subsidy" \
      org.opencontainers.image.description="Administers the public training subsidies of Dalian" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 subsidy \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin subsidy \
 && install -d -o subsidy -g subsidy -m 0750 /var/lib/subsidy/evidence
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/subsidy /srv/subsidy
WORKDIR /srv/subsidy

# By number, so that a cluster can check that it is not root.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Past any proxy of the environment: the question is whether this very process answers.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
ENTRYPOINT ["subsidy"]
CMD ["serve", "--host", "0.0.0.0"]
