"""The rules: which weighed pairs are certain or contradictory, whatever their weight."""

from collections.abc import Iterable, Sequence

from data.definitions.linkages import Rule


def said(keys: Iterable[str]) -> str:
    """Keys as a list in SQL."""
    return ", ".join(f"'{key}'" for key in keys) or "''"


def ruled(found: str, rules: Sequence[Rule], left: str, right: str) -> str:
    """A query: the weighed pairs of table `found` with the columns of both records that tell who they are, and the
    first rule that holds for each.

    A unique rule holds only where it leads to one record on either side; a pair for which none holds has the last rule.
    """
    cases = " ".join(f"WHEN {rule.when} THEN '{rule.key}'" for rule in rules if rule.when)
    unique, last = said(rule.key for rule in rules if rule.unique), rules[-1].key
    alone = " AND ".join(
        f"min({other}_entity) OVER (PARTITION BY first_rule, {one}_entity)"
        f" = max({other}_entity) OVER (PARTITION BY first_rule, {one}_entity)"
        for one, other in (("left", "right"), ("right", "left"))
    )
    return f"""
SELECT *, CASE WHEN first_rule IN ({unique}) AND NOT ({alone}) THEN '{last}' ELSE first_rule END AS rule
FROM (
    SELECT *, CASE {cases} ELSE '{last}' END AS first_rule
    FROM {found}
    JOIN (SELECT unique_id AS unique_id_l, part AS left_part, unit AS left_unit, entity AS left_entity FROM {left})
        USING (unique_id_l)
    JOIN (SELECT unique_id AS unique_id_r, part AS right_part, unit AS right_row, family, entity AS right_entity
        FROM {right}) USING (unique_id_r)
)
"""
