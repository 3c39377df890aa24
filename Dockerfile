# The same Python as the tests run on.
FROM python:3.11-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /app
# Dependencies first: this step is done again only when one of the two files changes.
COPY pyproject.toml constraints.txt ./
RUN python -c 'import tomllib; it = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
      print(*it["dependencies"], *it["optional-dependencies"]["webhook"], sep="\n")' >dependencies.txt \
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
    PORT=8080 \
    XDG_CACHE_HOME=/app/cache
# The check warms the cache, which the bot's user may read and not write.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin bot \
 && lemans-bot check
USER 10001:10001
EXPOSE 8080
# Asks the running bot whether it hears Telegram, when it polls as with a webhook.
HEALTHCHECK --interval=60s --timeout=10s --start-period=20s CMD ["lemans-bot", "health"]
ENTRYPOINT ["lemans-bot"]
CMD ["run"]
