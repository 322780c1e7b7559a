import pytest

from reminders.jobs import send_reminders
from tests.running import MailSink, Worker


@pytest.mark.broker
def test_a_job_is_carried_out_by_another_process(worker: Worker, mail_sink: MailSink) -> None:
    job = send_reminders.delay()
    said = ""
    while f"send_reminders[{job.id}] succeeded" not in said:
        line = worker.process.stdout.readline()
        assert line, said
        said += line
