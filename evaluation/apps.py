from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "评估"

    def ready(self) -> None:
        from audit.subjects import register as register_subjects
        from evaluation.cut_offs import register_cut_offs
        from evaluation.events import register_events
        from evaluation.standing_conditions import register_standing_conditions
        from evaluation.subjects import SUBJECTS

        register_events()
        register_cut_offs()
        register_standing_conditions()
        register_subjects(*SUBJECTS)
