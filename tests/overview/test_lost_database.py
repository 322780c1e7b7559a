"""When the database is away."""

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
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


@pytest.mark.django_db
class TestSavedAtOnce:
    """PostgreSQL let one of two transactions go on; the other saved nothing, and is told so."""

    def answered(self, condition: str, **sent: str) -> HttpResponse:
        request = RequestFactory().post("/x/", sent, headers={"Referer": "http://testserver/form/"})
        with pytest.raises(OperationalError) as met, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '{condition}'; END $$")
        answer = errors.LostDatabaseMiddleware(lambda request: None).process_exception(request, met.value)
        assert answer is not None
        return answer

    @pytest.mark.parametrize("condition", ["deadlock_detected", "serialization_failure"])
    def test_the_page_says_to_save_again_and_shows_what_was_typed(self, condition: str) -> None:
        answer = self.answered(condition, reason="与统计年鉴不一致")
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "这一次没有保存，请再保存一次" in page
        assert "与统计年鉴不一致" in page
        assert 'href="/form/"' in page
        assert "连接不上" not in page

    def test_a_server_that_ends_is_a_lost_database(self) -> None:
        assert "数据库暂时连接不上" in self.answered("admin_shutdown").content.decode()
