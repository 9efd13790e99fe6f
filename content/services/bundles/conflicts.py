"""Rows of the current app that a bundle would change although something else has brought them.

Concepts and content bytes say what has brought them. Licences, assets and units do not: one is an origin's own while
nothing but its concepts and bytes rests on it, and whoever brings the same again may share it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from content.bundles.archive import BundleError
from content.curricula.blueprint import Curriculum
from content.curricula.checks import Keyed
from content.models import Asset, Concept, ContentByte, Licence, Unit
from content.services.bundles.live import describe_asset, describe_licence, describe_unit
from tenants import current

NAMED_AT_MOST = 5

type Resting = Iterable[tuple[int, str]]  # the id of a row, and the origin of something that rests on it


def refuse_conflicts(origin: str, curriculum: Curriculum) -> None:
    """Raise `BundleError` naming the first rows that are not this origin's to change."""
    found = [*_find_others(origin, curriculum), *_find_differing(origin, curriculum)]
    if found:
        more = f" and {len(found) - NAMED_AT_MOST} more" if len(found) > NAMED_AT_MOST else ""
        raise BundleError(
            f"{current.get().name} has its own {', '.join(found[:NAMED_AT_MOST])}{more}; "
            "--replace takes what the bundle has instead"
        )


def find_own_units(origin: str) -> set[int]:
    """Return the ids of the units that nothing rests on but what this origin has brought."""
    return _find_own(origin, Concept.objects.values_list("unit_id", "curriculum").distinct())


def _find_others(origin: str, curriculum: Curriculum) -> Iterator[str]:
    for noun, model, values in (("concept", Concept, curriculum.concepts), ("byte", ContentByte, curriculum.bytes)):
        keys = {value.key for value in values}
        others = model.objects.exclude(curriculum=origin).order_by("position", "pk")
        for key, other in others.values_list("key", "curriculum"):
            if key in keys:
                yield f"{noun} {key} ({f'from {other}' if other else 'an editor made it'})"


def _find_differing(origin: str, curriculum: Curriculum) -> Iterator[str]:
    licences, assets = Licence.objects.in_bulk(), Asset.objects.in_bulk()
    through = ContentByte.assets.through._default_manager
    on_assets = list(through.values_list("asset_id", "contentbyte__curriculum").distinct())
    on_licences = [
        *Concept.objects.values_list("licence_id", "curriculum").distinct(),
        *((assets[pk].licence_id, other) for pk, other in on_assets),
    ]
    own_units, own_assets, own_licences = (
        find_own_units(origin),
        _find_own(origin, on_assets),
        _find_own(origin, on_licences),
    )
    units = [describe_unit(row) for row in Unit.objects.all() if row.pk not in own_units]
    yield from _differing("unit", units, curriculum.units)
    foreign_assets = [describe_asset(row, licences) for pk, row in assets.items() if pk not in own_assets]
    yield from _differing("asset", foreign_assets, curriculum.assets)
    foreign_licences = [describe_licence(row) for pk, row in licences.items() if pk not in own_licences]
    yield from _differing("licence", foreign_licences, curriculum.licences)


def _differing(noun: str, there: Iterable[Keyed], values: Iterable[Keyed]) -> Iterator[str]:
    by_key = {value.key: value for value in there}
    yield from (f"{noun} {value.key}" for value in values if by_key.get(value.key, value) != value)


def _find_own(origin: str, resting: Resting) -> set[int]:
    origins: dict[int, set[str]] = defaultdict(set)
    for pk, other in resting:
        origins[pk].add(other)
    return {pk for pk, found in origins.items() if found == {origin}}
