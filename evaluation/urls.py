from django.urls import path

from evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("evaluations/", views.cases, name="cases"),
    path("evaluations/new/", views.create, name="create"),
    path("evaluations/<slug:code>/", views.case, name="case"),
    path("evaluations/<slug:code>/change/", views.change, name="change"),
    path("evaluations/<slug:code>/group/", views.group, name="group"),
    path("evaluations/<slug:code>/group/<int:member>/leave/", views.leave, name="leave"),
    path("evaluations/<slug:code>/advance/", views.advance, name="advance"),
    path("evaluations/<slug:code>/pass-over/", views.pass_over, name="pass_over"),
    path("evaluations/<slug:code>/advance-despite/", views.advance_despite, name="advance_despite"),
    path("evaluations/<slug:code>/send-back/", views.send_back, name="send_back"),
    path("evaluations/<slug:code>/indicators/<int:number>/", views.judgement, name="judgement"),
    path("evaluations/<slug:code>/indicators/<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
