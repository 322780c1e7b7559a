from django.urls import path

from overview import views

app_name = "overview"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("overview/", views.overview, name="overview"),
    path("indicators/<int:number>/trace/", views.trace, name="trace"),
    path("indicators/<int:number>/trace/bundle/", views.export_trace, name="export_trace"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("audit/", views.audit, name="audit"),
    path("audit/bundle/", views.export_trail, name="export_trail"),
    path("audit/check/", views.check_again, name="check_again"),
]
