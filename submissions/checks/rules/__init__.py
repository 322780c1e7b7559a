"""Every rule, in the order in which a cell is asked; what says the same better comes first."""

from submissions.checks.rule import Rule
from submissions.checks.rules.after_cut_off import after_cut_off
from submissions.checks.rules.as_of_outside_period import as_of_outside_period
from submissions.checks.rules.cumulative_falls import cumulative_falls
from submissions.checks.rules.definition_changed import definition_changed
from submissions.checks.rules.differs_from_streets import differs_from_streets
from submissions.checks.rules.far_beyond_target import far_beyond_target
from submissions.checks.rules.growth_against_values import growth_against_values
from submissions.checks.rules.lagging_unexplained import lagging_unexplained
from submissions.checks.rules.out_of_range import out_of_range
from submissions.checks.rules.parts_against_whole import parts_against_whole
from submissions.checks.rules.percent_as_fraction import percent_as_fraction
from submissions.checks.rules.precision import precision
from submissions.checks.rules.ratio_against_terms import ratio_against_terms
from submissions.checks.rules.required import required
from submissions.checks.rules.same_digits import same_digits
from submissions.checks.rules.sign import sign
from submissions.checks.rules.stock_drops import stock_drops
from submissions.checks.rules.unchecked_by_source import unchecked_by_source
from submissions.checks.rules.unit_slip import unit_slip
from submissions.checks.rules.unusual_change import unusual_change
from submissions.checks.rules.whole_number import whole_number
from submissions.checks.rules.year_starts_anew import year_starts_anew

RULES: tuple[Rule, ...] = (
    required,
    sign,
    unit_slip,
    percent_as_fraction,
    out_of_range,
    whole_number,
    precision,
    cumulative_falls,
    year_starts_anew,
    stock_drops,
    unusual_change,
    same_digits,
    parts_against_whole,
    ratio_against_terms,
    growth_against_values,
    as_of_outside_period,
    far_beyond_target,
    lagging_unexplained,
    differs_from_streets,
    definition_changed,
    after_cut_off,
    unchecked_by_source,
)
BY_CODE = {each.code: each for each in RULES}
