"""Major projects and their milestones as sheets."""

from organisations.resources import Reference, SheetResource
from plans.models import Plan
from projects.models import MajorProject, Milestone


def project_numbered(plan: Plan, number: int) -> MajorProject:
    return MajorProject.objects.get(plan=plan, number=number)


PROJECT = Reference(project_numbered, lambda project: project.number)


class ProjectResource(SheetResource):
    natural_key = ("number",)

    class Meta(SheetResource.Meta):
        model = MajorProject
        import_id_fields = ("number",)
        fields = ("number", "name", "group", "content", "investment_printed", "provenance")


class MilestoneResource(SheetResource):
    natural_key = ("project", "number")
    references = {"project": PROJECT}

    class Meta(SheetResource.Meta):
        model = Milestone
        import_id_fields = ("project", "number")
        fields = ("project", "number", "title", "due_printed", "due_on", "reached_on", "provenance")
