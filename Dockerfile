# Build: needs a package index, or a bundle made by `make bundle`: docker build --build-arg BUNDLE=dist/bundle.tar .
FROM python:3.11-bookworm AS build
ARG BUNDLE=
WORKDIR /srv/evaluation
COPY . .
RUN make setup ${BUNDLE:+BUNDLE=$BUNDLE}
RUN SECRET_KEY=unused .venv/bin/python manage.py collectstatic --noinput
RUN rm -rf node_modules dist .venv/bundle

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/evaluation evaluation \
    && install -d -o evaluation -m 0700 /var/lib/evaluation
WORKDIR /srv/evaluation
COPY --from=build /srv/evaluation .
ENV PATH=/srv/evaluation/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/var/lib/evaluation \
    BIND=0.0.0.0:8000
USER evaluation
VOLUME /var/lib/evaluation
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
