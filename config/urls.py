"""Every page of a plan stands under the plan's code; the rest is the same for all plans."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz
from overview.views import home

handler403 = "config.errors.not_there"
handler500 = "config.errors.failed"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("organisations.urls")),
    path("", include("files.urls")),
    path("", include("background.urls")),
    path("<slug:plan>/", include("submissions.urls")),
    path("<slug:plan>/", include("evaluation.urls")),
    path("<slug:plan>/", include("reports.urls")),
    path("<slug:plan>/", include("reminders.urls")),
    path("<slug:plan>/", include("overview.urls")),
]
