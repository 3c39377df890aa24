# The same Python as the tests run on.
FROM python:3.11-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /app
# Dependencies first: this step is done again only when one of the two files changes.
COPY pyproject.toml constraints.txt ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
      >dependencies.txt \
 && /app/bin/pip install --quiet --constraint constraints.txt --requirement dependencies.txt
COPY . .
RUN /app/bin/pip wheel --quiet --no-deps --wheel-dir wheels . \
 && /app/bin/pip install --quiet --no-deps wheels/*.whl \
 && /app/bin/pip uninstall --quiet --yes pip setuptools

FROM python:3.11-slim-trixie
LABEL org.opencontainers.image.title="lemans-bot" \
      org.opencontainers.image.description="A Telegram bot that answers questions about the series “Le Mans: Racing is everything”" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/app/cache
# The check warms the cache, which the bot's user may read and not write.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin bot \
 && lemans-bot check
USER 10001:10001
# Loads the FAQ as the bot does. Whether Telegram is reached the log says.
HEALTHCHECK --interval=60s --timeout=10s --start-period=10s CMD ["lemans-bot", "check"]
ENTRYPOINT ["lemans-bot", "run"]
