"""Chapters and key tasks as sheets; a task is named by the numbers of its chapter and its own: 2.3."""

from organisations.resources import Reference, SheetResource
from plans.models import Plan
from tasks.models import KeyTask, TaskChapter


def chapter_numbered(plan: Plan, number: int) -> TaskChapter:
    return TaskChapter.objects.get(plan=plan, number=number)


def task_numbered(plan: Plan, number: str) -> KeyTask:
    chapter, _, own = number.partition(".")
    return KeyTask.objects.select_related("chapter").get(chapter__plan=plan, chapter__number=chapter, number=own)


CHAPTER = Reference(chapter_numbered, lambda chapter: chapter.number)
TASK = Reference(task_numbered, lambda task: f"{task.chapter.number}.{task.number}")


class ChapterResource(SheetResource):
    natural_key = ("number",)

    class Meta(SheetResource.Meta):
        model = TaskChapter
        import_id_fields = ("number",)
        fields = ("number", "title", "provenance")


class TaskResource(SheetResource):
    natural_key = ("chapter", "number")
    references = {"chapter": CHAPTER}

    class Meta(SheetResource.Meta):
        model = KeyTask
        import_id_fields = ("chapter", "number")
        fields = ("chapter", "number", "title", "content", "provenance")
