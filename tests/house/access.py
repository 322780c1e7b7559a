"""Who may open what: every URL of the product × method × who.

One line for each method that a URL answers (HEAD goes with GET); every other method gets 405. A URL that is not here fails the test.

    yes   may, whichever organisation the person belongs to
    own   may for what belongs to one's own organisation; for another's the answer is 404
    no    may not: 404, the same words as for a page that isn't there (an anonymous visitor is led to sign-in)

A new URL gets its line in the section of its room. What the address and the form need stands in ``access_rows.py``.
"""

# The columns, left to right; "anyone" is a visitor who has not signed in.
WHO = [
    "anyone",
    "reporter",
    "head",
    "reviewer",
    "leader",
    "auditor",
    "system_administrator",
    "security_administrator",
    "security_auditor",
]

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
CONFIG = {
    "GET  healthz":                        " yes  yes      yes  yes      yes    yes      yes    yes      yes ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
ORGANISATIONS = {
    # the gates: everybody
    "GET  sign_in":                     " yes    yes      yes  yes      yes    yes      yes    yes      yes ",
    "POST sign_in":                     " yes    yes      yes  yes      yes    yes      yes    yes      yes ",
    "POST sign_out":                    " yes    yes      yes  yes      yes    yes      yes    yes      yes ",
    "GET  session":                     " yes    yes      yes  yes      yes    yes      yes    yes      yes ",
    "POST session":                     " yes    yes      yes  yes      yes    yes      yes    yes      yes ",
    "GET  change_password":             " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    "POST change_password":             " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    # people: the system administrator; roles and locks: the security administrator; the trail: the security auditor
    "GET  people":                      " no     no       no   no       no     no       yes    no       no  ",
    "GET  add_person":                  " no     no       no   no       no     no       yes    no       no  ",
    "POST add_person":                  " no     no       no   no       no     no       yes    no       no  ",
    "GET  load_people":                 " no     no       no   no       no     no       yes    no       no  ",
    "POST load_people":                 " no     no       no   no       no     no       yes    no       no  ",
    "GET  person":                      " no     no       no   no       no     no       yes    no       no  ",
    "POST reset_password":              " no     no       no   no       no     no       yes    no       no  ",
    "POST deactivate":                  " no     no       no   no       no     no       yes    no       no  ",
    "POST reactivate":                  " no     no       no   no       no     no       yes    no       no  ",
    "POST hand_over":                   " no     no       no   no       no     no       yes    no       no  ",
    "POST reveal_contact":              " no     no       no   no       no     no       yes    no       no  ",
    "POST erase_contact":               " no     no       no   no       no     no       yes    no       no  ",
    "GET  organisation_contact":        " no     yes      yes  yes      yes    yes      yes    no       no  ",
    "POST organisation_contact":        " no     yes      yes  yes      yes    yes      yes    no       no  ",
    "POST erase_organisation_contact":  " no     no       no   no       no     no       yes    no       no  ",
    "GET  roles":                       " no     no       no   no       no     no       no     yes      no  ",
    "GET  person_roles":                " no     no       no   no       no     no       no     yes      no  ",
    "POST grant_role":                  " no     no       no   no       no     no       no     yes      no  ",
    "POST withdraw_role":               " no     no       no   no       no     no       no     yes      no  ",
    "POST unlock":                      " no     no       no   no       no     no       no     yes      no  ",
    "GET  roles_of_a_day":              " no     no       no   no       no     yes      no     no       yes ",
    "GET  security_trail":              " no     no       no   no       no     no       no     no       yes ",
    "POST export_security_trail":       " no     no       no   no       no     no       no     no       yes ",
}  # fmt: skip

FILES: dict[str, str] = {}

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
BACKGROUND = {
    # one's own jobs only: everybody else's are not there
    "GET  background:jobs":              " no   yes      yes  yes      yes    yes      yes    yes      yes ",
    "GET  background:job":               " no   no       no   own      no     no       no     no       no  ",
    "POST background:cancel":            " no   no       no   own      no     no       no     no       no  ",
    "GET  background:result":            " no   no       no   own      no     no       no     no       no  ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
SUBMISSIONS = {
    "GET  submissions:forms":             " no   yes      yes  yes      yes    yes      no     no       no  ",
    "GET  submissions:form":              " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:save_cell":         " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:save_cells":        " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:read_cells":        " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:add_evidence":      " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:explain_finding":  " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:save_note":         " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:self_report":       " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:add_note_evidence": " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:evidence":          " no   own      own  yes      yes    yes      no     no       no  ",
    "GET  submissions:preview_evidence":  " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:remove_evidence":   " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:check":             " no   own      own  no       no     no       no     no       no  ",
    "POST submissions:check":             " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:stamp":             " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:stamp":             " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:stamped_scan":      " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:withdraw":          " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:confirm":           " no   no       own  no       no     no       no     no       no  ",
    "POST submissions:send_back":         " no   no       own  no       no     no       no     no       no  ",
    "GET  submissions:ask_for_correction": " no  own      no   no       no     no       no     no       no  ",
    "POST submissions:ask_for_correction": " no  own      no   no       no     no       no     no       no  ",
    "GET  submissions:workbook":          " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:workbook":          " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:download_workbook": " no   own      own  yes      yes    yes      no     no       no  ",
    "POST submissions:take_proposals":    " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:take_same_number":  " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:take_requested":    " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:decline_proposals": " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:uploaded_workbook": " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:uploaded_workbook": " no   own      no   no       no     no       no     no       no  ",
    "GET  submissions:dialogue":          " no   own      own  yes      yes    yes      no     no       no  ",
    "GET  submissions:ask_for_extension": " no   own      no   no       no     no       no     no       no  ",
    "POST submissions:ask_for_extension": " no   own      no   no       no     no       no     no       no  ",
    # reporting periods: the working group runs them, leaders and auditors read along
    "GET  submissions:periods":           " no   no       no   yes      yes    yes      no     no       no  ",
    "GET  submissions:levels":            " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:levels":            " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:define_period":     " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:define_period":     " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:redefine_period":   " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:redefine_period":   " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:open_period":       " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:open_period":       " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:change_deadline":   " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:change_deadline":   " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:follow_responsibilities": " no no      no   yes      no     no       no     no       no  ",
    "POST submissions:follow_responsibilities": " no no      no   yes      no     no       no     no       no  ",
    "GET  submissions:allow_late":        " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:allow_late":        " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:call_for_corrections": " no no      no   yes      no     no       no     no       no  ",
    "POST submissions:call_for_corrections": " no no      no   yes      no     no       no     no       no  ",
    "GET  submissions:close_period":      " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:close_period":      " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:load_consolidated": " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:load_consolidated": " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:download_consolidated": " no no       no   yes      no     no       no     no       no  ",
    "GET  submissions:reopen_period":     " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:reopen_period":     " no   no       no   yes      no     no       no     no       no  ",
    # the working group's; leaders and auditors read along
    "GET  submissions:summaries":         " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:summaries":         " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:summary":           " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:summary":           " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:export_summary":    " no   no       no   yes      yes    yes      no     no       no  ",
    "GET  submissions:source_checks":     " no   yes      yes  no       no     no       no     no       no  ",
    "POST submissions:check_as_source":   " no   no       no   no       no     no       no     no       no  ",
    "GET  submissions:checks":            " no   no       no   yes      yes    yes      no     no       no  ",
    "GET  submissions:tune_check":        " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:tune_check":        " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:self_reports":      " no   no       no   yes      yes    yes      no     no       no  ",
    "GET  submissions:self_report_outline": " no no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:self_report_outline": " no no       no   yes      no     no       no     no       no  ",
    "GET  submissions:queue":             " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:approve_many":      " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:assignments":       " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:assignments":       " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:end_assignment":    " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:hand_over_reviews": " no   no       no   yes      no     no       no     no       no  ",
    "GET  submissions:review":            " no   no       no   yes      yes    yes      no     no       no  ",
    "POST submissions:review":            " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:withdraw_approval": " no   no       no   own      no     no       no     no       no  ",
    "POST submissions:answer_extension":  " no   no       no   yes      no     no       no     no       no  ",
    "POST submissions:answer_correction": " no   no       no   yes      no     no       no     no       no  ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
EVALUATION = {
    "GET  evaluation:cases":            " no     no       no   yes      yes    yes      no     no       no  ",
    "GET  evaluation:create":           " no     no       no   yes      no     no       no     no       no  ",
    "POST evaluation:create":           " no     no       no   yes      no     no       no     no       no  ",
    "GET  evaluation:case":             " no     no       no   yes      yes    yes      no     no       no  ",
    "GET  evaluation:change":          " no     no       no   yes      no     no       no     no       no  ",
    "POST evaluation:change":          " no     no       no   yes      no     no       no     no       no  ",
    "GET  evaluation:group":           " no     no       no   yes      no     no       no     no       no  ",
    "POST evaluation:group":           " no     no       no   yes      no     no       no     no       no  ",
    "POST evaluation:leave":           " no     no       no   yes      no     no       no     no       no  ",
    "POST evaluation:advance":          " no     no       no   yes      yes    no       no     no       no  ",
    "POST evaluation:pass_over":        " no     no       no   no       yes    no       no     no       no  ",
    "POST evaluation:advance_despite":  " no     no       no   no       yes    no       no     no       no  ",
    "POST evaluation:send_back":        " no     no       no   yes      yes    no       no     no       no  ",
    "GET  evaluation:judgement":        " no     no       no   yes      yes    yes      no     no       no  ",
    "POST evaluation:judgement":        " no     no       no   yes      yes    no       no     no       no  ",
    "POST evaluation:withdraw":         " no     no       no   yes      yes    no       no     no       no  ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
REPORTS = {
    "GET  reports:current":             " no     no       no   yes      yes    yes      no     no       no  ",
    "GET  reports:report":              " no     no       no   yes      yes    yes      no     no       no  ",
    "POST reports:prepare":             " no     no       no   yes      no     no       no     no       no  ",
    "POST reports:complete":            " no     no       no   yes      no     no       no     no       no  ",
    "GET  reports:section":             " no     no       no   yes      no     no       no     no       no  ",
    "POST reports:section":             " no     no       no   yes      no     no       no     no       no  ",
    "POST reports:quote":               " no     no       no   yes      no     no       no     no       no  ",
    "POST reports:export_self_reports": " no     no       no   yes      yes    yes      no     no       no  ",
    "POST reports:export":              " no     no       no   yes      yes    yes      no     no       no  ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
REMINDERS = {
    # one's own notices: everybody has some
    "GET  reminders:notices":           " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    "POST reminders:read":              " no     yes      yes  yes      yes    yes      yes    yes      yes ",
}  # fmt: skip

#                                        anyone reporter head reviewer leader auditor  system security s-auditor
OVERVIEW = {
    # one's own desk, and how to use the pages: everybody
    "GET  home":                        " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    "GET  overview:desk":               " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    "GET  overview:help":               " no     yes      yes  yes      yes    yes      yes    yes      yes ",
    # published business: not for those who keep accounts and their trail
    "GET  overview:overview":           " no     yes      yes  yes      yes    yes      no     no       no  ",
    "GET  overview:trace":              " no     yes      yes  yes      yes    yes      no     no       no  ",
    "GET  overview:search":             " no     yes      yes  yes      yes    yes      no     no       no  ",
    "GET  overview:audit":              " no     no       no   no       no     yes      no     no       no  ",
    "POST overview:export_trace":       " no     no       no   no       no     yes      no     no       no  ",
    "POST overview:export_trail":       " no     no       no   no       no     yes      no     no       no  ",
    "POST overview:check_again":        " no     no       no   no       no     yes      no     no       no  ",
}  # fmt: skip

ROOMS = [CONFIG, ORGANISATIONS, FILES, BACKGROUND, SUBMISSIONS, EVALUATION, REPORTS, REMINDERS, OVERVIEW]

# ---------------------------------------------------------------- the administration pages, by table and role
# Everybody else is told that there is no such page. Nobody deletes anything.
#
#     look   list, row, its versions, export          view   the same without export
#     edit   look, and add and change                 amend  look, and change (accounts are made on their own pages)
#     switch view, and change (schedules: on and off)
ADMIN_WHO = ["reviewer", "auditor", "system_administrator", "security_administrator", "security_auditor"]

#                                       reviewer auditor  system   security s-auditor
ADMIN = {
    "organisations.Organisation":     "  look     look     edit     view     view  ",
    "organisations.User":             "  look     look     amend    view     view  ",
    "organisations.RoleGrant":        "  -        look     -        look     look  ",
    "organisations.Handover":         "  look     look     look     -        view  ",
    "plans.Plan":                     "  look     look     edit     -        -     ",
    "plans.ReportingPeriod":          "  look     look     edit     -        -     ",
    "indicators.IndicatorCategory":   "  look     look     edit     -        -     ",
    "indicators.Indicator":           "  look     look     edit     -        -     ",
    "indicators.IndicatorPart":       "  look     look     edit     -        -     ",
    "indicators.AnnualTarget":        "  look     look     edit     -        -     ",
    "indicators.DocumentedValue":     "  look     look     edit     -        -     ",
    "tasks.TaskChapter":              "  look     look     edit     -        -     ",
    "tasks.KeyTask":                  "  look     look     edit     -        -     ",
    "projects.MajorProject":          "  look     look     edit     -        -     ",
    "projects.Milestone":             "  look     look     edit     -        -     ",
    "responsibilities.Responsibility": " look     look     edit     -        -     ",
    "files.StoredFile":               "  look     look     -        -        -     ",
    "background.BackgroundJob":       "  look     look     -        -        -     ",
    "submissions.Submission":         "  look     look     -        -        -     ",
    "submissions.Figure":             "  look     look     -        -        -     ",
    "submissions.ProgressNote":       "  look     look     -        -        -     ",
    "submissions.SelfReportSection":  "  look     look     -        -        -     ",
    "submissions.Evidence":           "  look     look     -        -        -     ",
    "submissions.Review":             "  look     look     -        -        -     ",
    "submissions.Remark":             "  look     look     -        -        -     ",
    "submissions.PublishedValue":     "  look     look     -        -        -     ",
    "submissions.Correction":         "  look     look     -        -        -     ",
    "submissions.RequestedValue":     "  look     look     -        -        -     ",
    "submissions.Assignment":         "  look     look     -        -        -     ",
    "submissions.Look":               "  look     look     -        -        -     ",
    "submissions.Extension":          "  look     look     -        -        -     ",
    "submissions.Reply":              "  look     look     -        -        -     ",
    "submissions.UploadedWorkbook":   "  look     look     -        -        -     ",
    "submissions.SummaryTemplate":    "  look     look     -        -        -     ",
    "submissions.CheckFinding":       "  look     look     -        -        -     ",
    "submissions.StampedScan":        "  look     look     -        -        -     ",
    "submissions.LevelSetting":       "  look     look     -        -        -     ",
    "submissions.CheckSetting":       "  look     look     -        -        -     ",
    "submissions.SourceCheck":        "  look     look     -        -        -     ",
    "submissions.ProposedValue":      "  look     look     -        -        -     ",
    "evaluation.Evaluation":          "  look     look     -        -        -     ",
    "evaluation.GroupMember":         "  look     look     -        -        -     ",
    "evaluation.Stage":               "  look     look     -        -        -     ",
    "evaluation.PassedOver":          "  look     look     -        -        -     ",
    "evaluation.DecidedAssessment":   "  look     look     -        -        -     ",
    "reports.Section":                "  look     look     -        -        -     ",
    "reports.Quotation":              "  look     look     -        -        -     ",
    "reminders.Notice":               "  look     look     look     -        -     ",
    "django_celery_beat.PeriodicTask": " -        -        switch   -        -     ",
    "audit.Change":                   "  -        look     -        -        -     ",
    "audit.Entry":                    "  -        look     -        -        -     ",
    "axes.AccessLog":                 "  -        -        -        -        look  ",
    "axes.AccessAttempt":             "  -        -        -        view     look  ",
    "axes.AccessFailureLog":          "  -        -        -        -        look  ",
}  # fmt: skip
