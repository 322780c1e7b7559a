"""When the database is away."""

from django.db import OperationalError
from django.test import Client, RequestFactory

from config import errors


def raising(request):
    raise OperationalError("connection refused")


class TestTheLostDatabase:
    def test_a_view_without_its_database_answers_with_the_plain_page(self) -> None:
        answer = errors.LostDatabaseMiddleware(lambda request: None).process_exception(
            RequestFactory().get("/x/?a=1"), OperationalError()
        )
        assert answer.status_code == 503
        assert "没有丢失" in answer.content.decode()
        assert 'href="/x/?a=1"' in answer.content.decode()

    def test_other_errors_stay_errors(self) -> None:
        middleware = errors.LostDatabaseMiddleware(lambda request: None)
        assert middleware.process_exception(RequestFactory().get("/"), ValueError()) is None

    def test_a_form_that_was_sent_is_not_sent_again_by_itself(self) -> None:
        page = errors.lost_database(RequestFactory().post("/x/")).content.decode()
        assert "data-again" not in page
        assert "自动重试" not in page

    def test_what_was_typed_into_it_is_shown_back(self) -> None:
        sent = {"csrfmiddlewaretoken": "secret", "reason": "与统计年鉴<不>一致", "decision": "return"}
        page = errors.lost_database(RequestFactory().post("/x/", sent)).content.decode()
        assert "与统计年鉴&lt;不&gt;一致" in page
        assert "secret" not in page

    def test_a_session_that_cannot_be_read_answers_with_the_plain_page(self, monkeypatch, settings) -> None:
        """No database access is allowed in this test: the session's own read fails."""
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
        monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", raising)
        monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", lambda self: raising(self))
        answer = client.get("/")
        assert answer.status_code == 503
        assert "数据库暂时连接不上" in answer.content.decode()
