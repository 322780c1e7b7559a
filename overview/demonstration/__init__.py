"""A lived-in case, built through the ordinary verbs from a script that is data of the plan."""

from overview.demonstration.build import AlreadyThere, build
from overview.demonstration.script import Script, read_script

__all__ = ["AlreadyThere", "Script", "build", "read_script"]
