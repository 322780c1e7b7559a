from django.urls import include, path

from submissions.views import (
    assignments,
    bulk,
    cells,
    check,
    checks,
    correction,
    dialogue,
    extension,
    form,
    forms_list,
    periods,
    queue,
    review,
    source_checks,
    steps,
    workbook,
)

app_name = "submissions"

ONE_FORM = [
    path("", form.form, name="form"),
    path("cells/", cells.save_cells, name="save_cells"),
    path("cells/read/", cells.read_cells, name="read_cells"),
    path("cells/<int:figure>/", cells.save_cell, name="save_cell"),
    path("cells/<int:figure>/evidence/", form.add_evidence, name="add_evidence"),
    path("cells/<int:figure>/explain/", checks.explain_finding, name="explain_finding"),
    path("notes/<int:note>/", form.save_note, name="save_note"),
    path("notes/<int:note>/evidence/", form.add_note_evidence, name="add_note_evidence"),
    path("evidence/<int:pk>/", form.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", form.remove_evidence, name="remove_evidence"),
    path("check/", check.check, name="check"),
    path("withdraw/", steps.withdraw, name="withdraw"),
    path("confirm/", steps.confirm, name="confirm"),
    path("send-back/", steps.send_back, name="send_back"),
    path("dialogue/", dialogue.dialogue, name="dialogue"),
    path("correction/", correction.ask, name="ask_for_correction"),
    path("workbook/", workbook.workbook, name="workbook"),
    path("workbook/download/", workbook.download, name="download_workbook"),
    path("workbook/<int:workbook>/", workbook.difference, name="uploaded_workbook"),
    path("extension/", extension.ask, name="ask_for_extension"),
]
ONE_REVIEW = [
    path("", review.review, name="review"),
    path("withdraw-approval/", review.withdraw_approval, name="withdraw_approval"),
    path("correction/", correction.answer, name="answer_correction"),
    path("extension/", extension.answer, name="answer_extension"),
]
ONE_PERIOD = [
    path("change/", periods.redefine_period, name="redefine_period"),
    path("open/", periods.open_period, name="open_period"),
    path("deadline/", periods.change_deadline, name="change_deadline"),
    path("responsibilities/", periods.follow_responsibilities, name="follow_responsibilities"),
    path("late/", periods.allow_late, name="allow_late"),
    path("corrections/", periods.call_for_corrections, name="call_for_corrections"),
    path("close/", periods.close_period, name="close_period"),
    path("reopen/", periods.reopen_period, name="reopen_period"),
]
urlpatterns = [
    path("forms/", forms_list.forms, name="forms"),
    path("periods/", periods.periods, name="periods"),
    path("periods/new/", periods.define_period, name="define_period"),
    path("periods/<slug:period>/", include(ONE_PERIOD)),
    path("periods/<slug:period>/forms/<slug:organisation>/", include(ONE_FORM)),
    path("reviews/", queue.queue, name="queue"),
    path("reviews/assignments/", assignments.assignments, name="assignments"),
    path("reviews/assignments/<int:pk>/end/", assignments.end_assignment, name="end_assignment"),
    path("reviewers/hand-over/", assignments.hand_over_reviews, name="hand_over_reviews"),
    path("reviews/approve/", bulk.approve, name="approve_many"),
    path("data-checks/", source_checks.source_checks, name="source_checks"),
    path("data-checks/<int:figure>/", source_checks.check_as_source, name="check_as_source"),
    path("checks/", checks.checks, name="checks"),
    path("checks/<slug:rule>/", checks.tune_check, name="tune_check"),
    path("reviews/<slug:period>/<slug:organisation>/", include(ONE_REVIEW)),
]
