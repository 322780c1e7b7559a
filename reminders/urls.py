from django.urls import path

from reminders import views

app_name = "reminders"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read, name="read"),
]
