"""The mark of invented data: the file that the sample force lays beside its extracts, and a load looks for."""

from pathlib import Path

MARKER = "SAMPLE.txt"
MARKER_TEXT = (
    "SAMPLE DATA. Every person, incident, crime and patrol in this folder is invented by a program.\n"
    "Ward names, codes and centres: Office for National Statistics, Open Government Licence v3.0.\n"
    "Contains OS data © Crown copyright and database right 2025.\n"
)
_FIRST_WORDS = b"SAMPLE DATA. "


def is_sample(folder: Path) -> bool:
    """Tell whether everything in a folder is invented: the marker lies at its top and says so itself."""
    marker = folder / MARKER
    if not marker.is_file():
        return False
    with marker.open("rb") as file:
        return file.read(len(_FIRST_WORDS)) == _FIRST_WORDS
