"""Models whose rows leave no versions, each with its reason."""

UNTRACKED = {
    "audit.Change": "is history",
    "audit.Entry": "is history",
    "organisations.FormerPassword": "a hash that no trail may keep",
    "reminders.Notice": "is a record itself: unique on its occasion, with its own times",
    "admin.LogEntry": "the library's own log; history has the same and more",
    "auth.Permission": "made from the models by migrate",
    "auth.Group": "not used: permissions come from roles",
    "contenttypes.ContentType": "made from the models by migrate",
    "sessions.Session": "comes and goes with each sign-in",
    "django_celery_beat.SolarSchedule": "not used: schedules are crontabs from a data file",
    "django_celery_beat.ClockedSchedule": "not used: schedules are crontabs from a data file",
    "django_celery_beat.IntervalSchedule": "not used: schedules are crontabs from a data file",
    "django_celery_beat.CrontabSchedule": "written from a data file",
    "django_celery_beat.PeriodicTasks": "the scheduler's own mark of its last change",
    "django_celery_beat.PeriodicTask": "written from a data file; the scheduler counts its runs in it",
    "axes.AccessAttempt": "counts failures until they are forgiven; the security trail keeps them",
    "axes.AccessAttemptExpiration": "goes with the count of failures",
    "axes.AccessLog": "is a trail itself",
    "axes.AccessFailureLog": "is a trail itself",
}
