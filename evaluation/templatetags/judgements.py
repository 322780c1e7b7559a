"""The words of both judgements with their shape and colour, for every page that shows them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from arithmetic.goal import Outlook, Verdict

register = template.Library()

_VERDICT_KINDS = {
    Verdict.EARLY: "early",
    Verdict.FASTER: "fast",
    Verdict.ON_COURSE: "par",
    Verdict.LAGGING: "slow",
    Verdict.BADLY_LAGGING: "late",
    Verdict.NOT_JUDGED: "none",
    Verdict.DROPPED: "gone",
}
_OUTLOOK_KINDS = {
    Outlook.DONE: "done",
    Outlook.CAN: "up",
    Outlook.CAN_HOLD: "keep",
    Outlook.HARD: "down",
    Outlook.UNDECIDED: "none",
    Outlook.NONE: "gone",
}


@register.filter
def verdict_kind(verdict: str) -> str:
    """The class of a verdict's shape and colour, also of its bar."""
    return _VERDICT_KINDS[Verdict(verdict)]


@register.simple_tag
def verdict_state(verdict: str) -> SafeString:
    """``{% verdict_state row.verdict %}``: 目前进度 in words with its shape."""
    return format_html('<span class="st {}">{}</span>', verdict_kind(verdict), Verdict(verdict).words)


@register.simple_tag
def outlook_state(outlook: str) -> SafeString:
    """``{% outlook_state row.outlook %}``: 到目标年 in words with its shape."""
    return format_html('<span class="st {}">{}</span>', _OUTLOOK_KINDS[Outlook(outlook)], Outlook(outlook).words)
