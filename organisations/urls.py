from django.urls import path

from organisations.views import gates

urlpatterns = [
    path("sign-in/", gates.sign_in, name="sign_in"),
    path("sign-out/", gates.sign_out, name="sign_out"),
    path("password/", gates.change_password, name="change_password"),
    path("session/", gates.session, name="session"),
]
