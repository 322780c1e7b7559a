from django.apps import apps

from audit.tracking import tracked_models
from tests.house.untracked import UNTRACKED


def test_every_model_is_tracked_or_says_why_not() -> None:
    tracked = {model._meta.label for model, _ in tracked_models()}
    versions = {version._meta.label for _, version in tracked_models()}
    everything = {model._meta.label for model in apps.get_models()}
    assert everything - versions - tracked == set(UNTRACKED)
    assert tracked.isdisjoint(UNTRACKED)
    assert all(UNTRACKED.values())
