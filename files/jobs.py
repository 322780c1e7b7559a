from celery import shared_task

from files.actions import scan_again
from files.scanning import is_configured


@shared_task(name="files.scan_again")
def scan_waiting() -> None:
    """Scan what was taken while the scanner was out of order, or before there was one."""
    if is_configured():
        scan_again()
