"""The states of forms, cells and requests, in the words of the screen."""

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    AWAITING_HEAD = "awaiting_head", "待单位确认"
    SUBMITTED = "submitted", "已提交"
    FIRST_REVIEWED = "first_reviewed", "初审通过"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"
    REOPENED = "reopened", "更正中"
    RETIRED = "retired", "不再填报"


EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.REOPENED})
WITH_GROUP = frozenset({State.SUBMITTED, State.FIRST_REVIEWED})  # the working group's turn


class ReviewStep(models.TextChoices):
    """Which of the working group's steps a review is: its only one, or one of two."""

    ONLY = "only", "审核"
    FIRST = "first", "初审"
    FINAL = "final", "终审"


class CellState(models.TextChoices):
    TO_FILL = "to_fill", "待填"
    FILLED = "filled", "已填"
    SUBMITTED = "submitted", "已提交"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"
    CORRECTING = "correcting", "更正中"


EDITABLE_CELLS = frozenset({CellState.TO_FILL, CellState.FILLED, CellState.RETURNED, CellState.CORRECTING})


class CorrectionState(models.TextChoices):
    ASKED = "asked", "已申请"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "未同意"
    DONE = "done", "已完成"


class CorrectionScope(models.TextChoices):
    """What a request concerns; empty in those from before requests named their new values."""

    CELLS = "cells", "逐项更正"
    FORM = "form", "整张填报表"
    PERIOD = "period", "整个报告期"
