"""How strict a rule is for an indicator: its own setting, else the plan's, else the default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from submissions.checks.rule import Rule
from submissions.models.check import Severity


@dataclass(frozen=True)
class Tuned:
    severity: Severity
    values: Mapping[str, Decimal]

    @property
    def is_off(self) -> bool:
        return self.severity == Severity.OFF


@dataclass(frozen=True)
class Setting:
    """One row of the settings, as a plain value; ``indicator`` is None for the whole plan."""

    rule: str
    indicator: int | None
    severity: str
    parameters: Mapping[str, str]


class Tuning:
    """The settings of a plan."""

    def __init__(self, settings: Iterable[Setting] = ()) -> None:
        self._settings = {(each.rule, each.indicator): each for each in settings}
        self._found: dict[tuple[str, int | None], Tuned] = {}

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> "Tuning":
        return cls(Setting(row["rule"], row["indicator"], row["severity"], row["parameters"]) for row in rows)

    def of(self, rule: Rule, indicator: int | None = None) -> Tuned:
        """Return how the rule is set; what the nearer setting leaves open, the farther one says."""
        nearest = indicator if (rule.code, indicator) in self._settings else None
        key = (rule.code, nearest)
        if key not in self._found:
            self._found[key] = self._read(rule, nearest)
        return self._found[key]

    def _read(self, rule: Rule, indicator: int | None) -> Tuned:
        severity, values = rule.severity, dict(rule.defaults)
        keys = [(rule.code, None)] + ([(rule.code, indicator)] if indicator is not None else [])
        for key in keys:
            setting = self._settings.get(key)
            if setting is not None:
                severity = Severity(setting.severity) if setting.severity else severity
                known = {name: text for name, text in setting.parameters.items() if name in rule.parameters}
                values |= {name: Decimal(text) for name, text in known.items()}
        return Tuned(severity, values)

    def named_indicators(self) -> set[int]:
        """Numbers of indicators that rules compare with, as numerator or denominator."""
        return {
            int(Decimal(text))
            for setting in self._settings.values()
            for name, text in setting.parameters.items()
            if name in ("numerator", "denominator")
        }
