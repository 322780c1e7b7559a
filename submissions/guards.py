"""What the database refuses of forms, cells and decisions; ``audit.guards`` makes the triggers from it.

Only the organisation that reports a number changes it, while its cell is open; a decision is made by somebody who had
no hand in the form; what is decided or published is never written over.
"""

from audit.moves import Bar, Move
from audit.rules import AtTheEnd, Frozen, Rule
from plans.models import PeriodState
from submissions.states import EDITABLE, EDITABLE_CELLS, CellState, CorrectionScope, State

SENT = frozenset({State.SUBMITTED, State.AWAITING_HEAD})


def listed(states: frozenset[str]) -> str:
    """The states as SQL lists them."""
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def barred(
    of: str = "id", *, filled: bool = False, confirmed: bool = False, reviewed: bool = False
) -> tuple[Bar, ...]:
    """Those who took another step on the form: nobody takes two."""
    bars = {
        Bar("submissions_filled_by", "填报过这份表", of): filled,
        Bar("submissions_confirmed_by", "确认过这份表", of): confirmed,
        Bar("submissions_reviewed_by", "审核过这份表", of): reviewed,
    }
    return tuple(bar for bar, wanted in bars.items() if wanted)


FILLS_IN = barred(confirmed=True, reviewed=True)
CONFIRMS = barred(filled=True, reviewed=True)
REVIEWS = barred(filled=True, confirmed=True)
FIRST_REVIEWS = (*REVIEWS, Bar("submissions_finally_reviewed_by", "终审过这份表"))
FINAL_REVIEWS = (*REVIEWS, Bar("submissions_first_reviewed_by", "初审过这份表"))
ANSWERS = barred("submission_id", filled=True, confirmed=True)

# ------------------------------------------------------------------ forms
PERIOD_OF_FORM = "(SELECT period.state FROM plans_reportingperiod period WHERE period.id = n.period_id)"

IS_A_DEADLINE = (
    "n.deadline = (SELECT period.deadline FROM plans_reportingperiod period WHERE period.id = n.period_id)"
    " OR EXISTS (SELECT 1 FROM submissions_extension extension WHERE extension.submission_id = n.id"
    " AND extension.state = 'granted' AND extension.deadline = n.deadline)"
)

FORM_GUARDS = (
    Rule(
        f"actor IS NOT NULL AND n.deadline <> o.deadline AND NOT ({IS_A_DEADLINE})",
        "填报表的报送时限只能随报告期变更，或经同意延期。",
        on_update=True,
    ),
    Rule(
        f"o.round = 0 AND n.round > 0 AND {PERIOD_OF_FORM} = '{PeriodState.CLOSED}'",
        "报告期已关闭填报，没有报送过的填报表不能再报。",
        on_update=True,
    ),
    Frozen("填报表的报告期和单位不能改变。", columns=("period_id", "organisation_id", "organisation_name")),
    Frozen(
        "提交、确认和审核的记录只能随填报表的状态改变。",
        columns=(
            "submitted_by_id",
            "submitted_at",
            "first_submitted_at",
            "confirmed_by_id",
            "decided_by_id",
            "decided_at",
            "correct_by",
            "round",
            "first_reviewed_by_id",
            "first_reviewed_at",
            "stamp_by",
        ),
        unless="n.state <> o.state",
    ),
    Frozen(
        "填报表的办理层级在提交时确定，办理中不能改变。",
        columns=("steps_in_unit", "steps_in_group"),
        unless=f"o.state IN {listed(EDITABLE)} AND n.state IN {listed(SENT)}",
    ),
    Rule(
        f"o.state IN {listed(EDITABLE)} AND n.state IN {listed(SENT)}"
        " AND (n.steps_in_unit, n.steps_in_group) <> (submissions_steps_in_unit(n.id), submissions_steps_in_group(n.id))",
        "填报表的办理层级与规划的设置不一致。",
        on_update=True,
    ),
    Rule(
        f"o.state IN {listed(EDITABLE)} AND n.state IN {listed(SENT)} AND submissions_lacks_stamp(n.id)",
        "规划要求提交前盖章，这张表还没有与现在的数据一致的盖章件。",
        on_update=True,
    ),
    Rule(
        f"o.state IN {listed(EDITABLE | {State.AWAITING_HEAD})} AND n.state = '{State.SUBMITTED}'"
        " AND (n.stamp_by IS NULL) <> (submissions_stamp_days(n.id) IS NULL)",
        "盖章件期限与规划的设置不一致。",
        on_update=True,
    ),
    Rule(
        f"o.state IN {listed(EDITABLE)} AND n.state = '{State.SUBMITTED}' AND n.steps_in_unit = 2",
        "这份表须先经单位负责人确认，不能直接提交。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.SUBMITTED}' AND n.state = '{State.APPROVED}' AND n.steps_in_group = 2",
        "这份表须经初审、终审两级，不能直接通过。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.SUBMITTED}' AND n.state = '{State.FIRST_REVIEWED}' AND n.steps_in_group <> 2",
        "这份表只须一级审核，没有初审。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.SUBMITTED}' AND n.state = '{State.RETURNED}' AND n.steps_in_group = 2"
        " AND submissions_finally_reviewed_by(n.id, actor)",
        "终审过这份表的人不能初审。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.FIRST_REVIEWED}' AND n.state <> o.state"
        " AND (o.first_reviewed_by_id = actor OR submissions_first_reviewed_by(n.id, actor))",
        "初审过这份表的人不能终审。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.APPROVED}' AND n.state = '{State.REOPENED}' AND NOT submissions_correction_agreed(n.id)",
        "没有已同意的更正申请，不能重新开放填报表。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{State.APPROVED}' AND n.state = '{State.SUBMITTED}' AND o.decided_by_id IS DISTINCT FROM actor",
        "只有审核通过的人本人才能撤销通过。",
        on_update=True,
    ),
    AtTheEnd("NOT submissions_stands_as_reviewed(n.id)", "填报表的状态与最后一次审核不一致：每个决定都须有审核记录。"),
)

NAMED_VALUES = "(SELECT count(*) FROM submissions_requestedvalue named WHERE named.correction_id = n.id)"

CORRECTION_GUARDS = (
    Frozen(
        "更正申请提出后，内容不能改变。",
        columns=("submission_id", "figures", "scope", "reason", "asked_by_id", "asked_at"),
    ),
    Rule("n.scope = ''", "更正申请须写明范围：逐项、整张填报表或整个报告期。", on_insert=True),
    AtTheEnd(
        f"n.scope = '{CorrectionScope.CELLS}' AND {NAMED_VALUES} <> jsonb_array_length(n.figures)",
        "逐项申请更正的，每一项都须写明新值。",
    ),
    Frozen(
        "更正申请的答复不能改变。",
        columns=("answer", "deadline", "decided_by_id", "decided_at"),
        unless="n.state <> o.state",
    ),
)

# ------------------------------------------------------------------ cells
CELL_MOVES = {
    "fill": Move(frozenset({CellState.TO_FILL}), CellState.FILLED, "填写"),
    "empty": Move(frozenset({CellState.FILLED}), CellState.TO_FILL, "清空"),
    "send": Move(EDITABLE_CELLS - {CellState.TO_FILL}, CellState.SUBMITTED, "随表提交"),
    "publish": Move(frozenset({CellState.SUBMITTED}), CellState.APPROVED, "审核通过并发布"),
    "return": Move(frozenset({CellState.SUBMITTED}), CellState.RETURNED, "退回"),
    "open_again": Move(frozenset({CellState.SUBMITTED}), CellState.FILLED, "随表撤回"),
    "open_blank": Move(frozenset({CellState.SUBMITTED}), CellState.TO_FILL, "随表撤回（未填）"),
    "withdraw": Move(frozenset({CellState.APPROVED}), CellState.SUBMITTED, "撤销发布"),
    "correct": Move(frozenset({CellState.APPROVED}), CellState.CORRECTING, "同意更正"),
}


def _cell_moves(sources: frozenset[str], targets: frozenset[str]) -> str:
    return f"o.state <> n.state AND o.state IN {listed(sources)} AND n.state IN {listed(targets)}"


def _form_is(*states: str) -> str:
    return f"submissions_state_of(n.submission_id) IN {listed(frozenset(states))}"


CELL_GUARDS = (
    Frozen(
        "数据所属的填报表、指标、单位和报告期不能改变。",
        columns=("submission_id", "indicator_id", "organisation_id", "period_id"),
    ),
    Frozen("填过的数据不能改为不须填报。", columns=("is_owed",), unless=f"o.state = '{CellState.TO_FILL}'"),
    Frozen(
        "这一项已经提交或通过，不能修改；已通过的，须先经同意更正。",
        all_but=("id", "state", "reply", "is_owed"),
        unless=f"o.state IN {listed(EDITABLE_CELLS)}",
    ),
    Frozen(
        "这一项已经提交或通过，答复不能修改。",
        columns=("reply",),
        unless=f"o.state IN {listed(EDITABLE_CELLS)} OR n.state = '{CellState.RETURNED}'",
    ),
    Rule(
        "actor IS NOT NULL AND n.saved_by_id IS DISTINCT FROM actor AND (n.answer, n.value, n.value_printed, n.parts,"
        " n.explanation, n.saved_by_id) IS DISTINCT FROM (o.answer, o.value, o.value_printed, o.parts, o.explanation,"
        " o.saved_by_id)",
        "数据的保存人与本次变更的操作人不一致。",
        on_update=True,
    ),
    Rule(
        f"{_cell_moves(frozenset({CellState.SUBMITTED}), EDITABLE_CELLS)} AND NOT {_form_is(*EDITABLE)}",
        "填报表还没有退回或撤回，其中的数据不能重新开放。",
        on_update=True,
    ),
    Rule(
        f"{_cell_moves(EDITABLE_CELLS, frozenset({CellState.SUBMITTED}))}"
        f" AND NOT {_form_is(State.SUBMITTED, State.AWAITING_HEAD)}",
        "填报表还没有提交，其中的数据不能单独提交。",
        on_update=True,
    ),
    Rule(
        f"o.state <> n.state AND n.state = '{CellState.APPROVED}' AND NOT {_form_is(State.APPROVED, State.RETURNED)}",
        "填报表还没有审核，其中的数据不能标为已通过。",
        on_update=True,
    ),
    Rule(
        f"o.state <> n.state AND n.state = '{CellState.APPROVED}' AND NOT submissions_stands_published(n.id)",
        "没有已发布值，这一项不能标为已通过。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{CellState.APPROVED}' AND n.state = '{CellState.SUBMITTED}'"
        f" AND (submissions_last_was_withdrawn(n.id) IS NOT TRUE OR NOT {_form_is(State.SUBMITTED)})",
        "已发布值没有撤销，这一项不能退出已通过。",
        on_update=True,
    ),
    Rule(
        f"o.state = '{CellState.APPROVED}' AND n.state = '{CellState.CORRECTING}'"
        " AND NOT submissions_correction_agreed(n.submission_id, n.id)",
        "这一项不在已同意的更正申请之内，不能更正。",
        on_update=True,
    ),
)

# ------------------------------------------------------------------ words, evidence
NOTE_GUARDS = (
    Frozen("进展说明所属的填报表和事项不能改变。", columns=("submission_id", "task_id", "project_id", "section_id")),
    Frozen(
        "填报表已经提交，或进展说明已经发布，不能修改。",
        columns=("state", "progress", "problems", "next_step", "reply", "revision", "saved_by_id", "saved_at"),
        unless=f"{_form_is(*EDITABLE)} AND NOT (o.is_published AND n.is_published) AND NOT (o.is_sent AND n.is_sent)",
    ),
    Rule(
        f"o.is_sent AND NOT n.is_sent AND NOT {_form_is(*EDITABLE)}",
        "填报表还没有退回或撤回，其中的进展说明不能重新开放。",
        on_update=True,
    ),
    Rule(
        "NOT o.is_published AND n.is_published AND NOT submissions_is_being_decided(n.submission_id)",
        "进展说明只能随审核决定发布。",
        on_update=True,
    ),
    Rule(
        "o.is_published AND NOT n.is_published AND NOT submissions_is_being_withdrawn(n.submission_id)",
        "已发布的进展说明只能随撤销通过退出发布。",
        on_update=True,
    ),
    Rule("n.is_published", "新建的进展说明没有经过审核，不能发布。", on_insert=True),
    Rule(
        "n.is_owed <> o.is_owed AND (o.is_published OR o.is_sent)",
        "已提交或已发布的进展说明不能改为不须填报。",
        on_update=True,
    ),
    Rule(
        "actor IS NOT NULL AND n.saved_by_id IS DISTINCT FROM actor AND (n.state, n.progress, n.problems,"
        " n.next_step, n.saved_by_id) IS DISTINCT FROM (o.state, o.progress, o.problems, o.next_step, o.saved_by_id)",
        "进展说明的保存人与本次变更的操作人不一致。",
        on_update=True,
    ),
)

EVIDENCE_GUARDS = (
    Frozen("佐证材料只能移除，不能改变。", all_but=("id", "removed_at")),
    Frozen("佐证材料已经移除。", columns=("removed_at",), unless="o.removed_at IS NULL"),
    Rule("actor IS NOT NULL AND n.added_by_id <> actor", "佐证材料的添加人与本次变更的操作人不一致。", on_insert=True),
)

# ------------------------------------------------------------------ decisions
REVIEW_GUARDS = (
    Frozen("审核决定一经作出不能改变。", all_but=("id",)),
    Rule("n.by_id IS DISTINCT FROM actor", "审核人与本次变更的操作人不一致。", on_insert=True),
    Rule("submissions_filled_by(n.submission_id, actor)", "填报过这份表的人不能审核。", on_insert=True),
    Rule("submissions_confirmed_by(n.submission_id, actor)", "确认过这份表的人不能审核。", on_insert=True),
    Rule(
        "n.step = 'first' AND submissions_finally_reviewed_by(n.submission_id, actor)",
        "终审过这份表的人不能初审。",
        on_insert=True,
    ),
    Rule(
        "n.step = 'final' AND submissions_first_reviewed_by(n.submission_id, actor)",
        "初审过这份表的人不能终审。",
        on_insert=True,
    ),
    Rule(
        "NOT submissions_fits_its_form(n.id)",
        "审核记录与填报表的状态不一致：只能在作出决定的同一次变更中写入。",
        on_insert=True,
    ),
)

REMARK_GUARDS = (
    Frozen("退回理由一经写下不能改变。", all_but=("id",)),
    Rule(
        "submissions_reviewer_of(n.review_id) IS DISTINCT FROM actor",
        "退回理由只能由作出这次审核的人写。",
        on_insert=True,
    ),
)

PUBLISHED_GUARDS = (
    Frozen("已发布值不能改变；有误的，经同意更正后另行发布。", all_but=("id", "withdrawn_at")),
    Frozen("已发布值的撤销不能改变。", columns=("withdrawn_at",), unless="o.withdrawn_at IS NULL"),
    Rule(
        "n.withdrawn_at IS DISTINCT FROM o.withdrawn_at AND submissions_reviewer_of(n.review_id) IS DISTINCT FROM actor",
        "只有审核通过的人本人才能撤销发布。",
        on_update=True,
    ),
    Rule(
        "n.withdrawn_at IS DISTINCT FROM o.withdrawn_at AND NOT submissions_publication_is_being_withdrawn(n.review_id)",
        "已发布值只能随撤销通过退出发布。",
        on_update=True,
    ),
    Rule(
        "submissions_reviewer_of(n.review_id) IS DISTINCT FROM actor",
        "已发布值只能由作出这次审核的人发布。",
        on_insert=True,
    ),
    Rule(
        "NOT submissions_says_what_was_reviewed(n.id)",
        "已发布值与所审核的数据不一致，或不是由对这一次提交的审核决定发布的。",
        on_insert=True,
    ),
    AtTheEnd("NOT submissions_cell_agrees(n.figure_id)", "已发布值与填报表中的数据不一致。"),
)
