"""The factory: a table of contents of the application."""

from __future__ import annotations

from flask import Flask, has_app_context

from portal import languages, tables
from portal.blueprints import (
    BLUEPRINTS,
    _comfort,
    _context,
    _errors,
    _filters,
    _guards,
    _limits,
    _security,
    _sessions,
    _uploads,
)
from portal.config import Settings, from_environ
from portal.domain.register import sealing
from portal.extensions import babel, csrf, db, login_manager, socketio, unit
from portal.jobs import (
    cleaning,
    compaction,
    digests,
    directory,
    due_dates,
    heads,
    notices,
    portfolio,
    quiet,
    search,
)
from portal.jobs.runner import Runner
from portal.kernel.clock import clock
from portal.kernel.engines import prepare_engine
from portal.kernel.stores import read_options, unit_on
from portal.mail.smtp import post_of
from portal.realtime import live


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings; starts nothing in the background."""
    settings = settings or from_environ()
    app = Flask("portal", instance_path=str(settings.instance))
    configure(app, settings)
    open_database(app, settings)
    _limits.init_limits(app)
    _uploads.init_uploads(app)
    start_extensions(app)
    _sessions.init_sessions(app, login_manager)
    _guards.init_guards(app)
    _errors.init_errors(app)
    _filters.init_filters(app)
    _context.init_context(app)
    _comfort.init_comfort(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    live.init_live(app, socketio)
    _security.init_security(app)
    unit.bind(unit_on(settings.store, end_reads=_end_reads, announce=live.waker(app)))
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Put the settings where Flask and its extensions look."""
    clock.follow(settings.instance if settings.clock_file else None)
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SESSION_COOKIE_NAME=settings.cookie_name,
        PORTAL_URL=settings.url,
        PORTAL_ORIGINS=_security.allowed_origins(settings.url),
        PORTAL_LIVE_ENGINE=settings.live_engine,
        DEMONSTRATION=settings.demonstration,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="fr",
        SQLALCHEMY_DATABASE_URI=settings.store,
        SQLALCHEMY_ENGINE_OPTIONS=read_options(settings.store),
    )


def open_database(app: Flask, settings: Settings) -> None:
    """Give reads their engine; writes go through the unit of work only."""
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealing.seal_of(settings.instance)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def start_extensions(app: Flask) -> None:
    """Bind the small extensions."""
    babel.init_app(app, locale_selector=languages.chosen)
    csrf.init_app(app)
    login_manager.init_app(app)


def start_background(app: Flask) -> None:
    """Start the relay, the sweep and the job runners: once, in the server's process."""
    live.start(app)
    post = post_of(app.config["SETTINGS"])
    mail = digests.jobs() if post is not None else []
    # On their own: a long list of notices or letters holds no date up.
    Runner(unit.bound, due_dates.jobs()).start()
    slow = (*compaction.jobs(), *notices.jobs(), *heads.jobs(), *quiet.jobs(), *portfolio.jobs(), *mail)
    Runner(unit.bound, slow).start()
    cleaning.start(unit.bound, app.config["SETTINGS"].store)
    directory.start(unit.bound, app.config["SETTINGS"].instance)
    search.start(unit.bound)
    digests.start(app, unit.bound, post)


def _end_reads() -> None:
    if has_app_context():
        db.session.rollback()


__all__ = ["create_app", "start_background", "tables"]
