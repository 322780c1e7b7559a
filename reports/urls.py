from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("report/", views.current, name="current"),
    path("evaluations/<slug:code>/report/", views.report, name="report"),
    path("evaluations/<slug:code>/report/prepare/", views.prepare, name="prepare"),
    path("evaluations/<slug:code>/report/complete/", views.complete, name="complete"),
    path("evaluations/<slug:code>/report/sections/<int:position>/", views.section, name="section"),
    path("evaluations/<slug:code>/report/sections/<int:position>/quote/", views.quote, name="quote"),
    path("self-reports/<slug:period>/export/", views.export_self_reports, name="export_self_reports"),
    path("evaluations/<slug:code>/report/export/", views.export, name="export"),
]
