"""Numbers in the digits of a numbering system, by its CLDR name: `latn` (0-9) or `arab` (Arabic-Indic)."""

ARABIC_INDIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def written(number: int, system: str) -> str:
    """Write a number in the digits of a numbering system."""
    return str(number).translate(ARABIC_INDIC_DIGITS) if system == "arab" else str(number)
