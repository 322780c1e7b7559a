from django.urls import path

from organisations.views import contacts, gates, people, roles_on, security

urlpatterns = [
    path("sign-in/", gates.sign_in, name="sign_in"),
    path("sign-out/", gates.sign_out, name="sign_out"),
    path("password/", gates.change_password, name="change_password"),
    path("session/", gates.session, name="session"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/load/", people.load_people, name="load_people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/reset-password/", people.reset_password, name="reset_password"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:pk>/hand-over/", people.hand_over, name="hand_over"),
    path("people/<int:pk>/contact/", people.reveal_contact, name="reveal_contact"),
    path("people/<int:pk>/erase-contact/", people.erase_contact, name="erase_contact"),
    path("organisations/<int:pk>/contact/", contacts.organisation_contact, name="organisation_contact"),
    path(
        "organisations/<int:pk>/erase-contact/", contacts.erase_organisation_contact, name="erase_organisation_contact"
    ),
    path("roles/", security.roles, name="roles"),
    path("roles/<int:pk>/", security.person_roles, name="person_roles"),
    path("roles/<int:pk>/grant/", security.grant_role, name="grant_role"),
    path("roles/<int:pk>/withdraw/", security.withdraw_role, name="withdraw_role"),
    path("roles/<int:pk>/unlock/", security.unlock, name="unlock"),
    path("roles-on/", roles_on.roles_of_a_day, name="roles_of_a_day"),
    path("security/", security.security_trail, name="security_trail"),
    path("security/export/", security.export_security_trail, name="export_security_trail"),
]
