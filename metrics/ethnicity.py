"""The five ethnic groups of the census, and which of them a recorded ethnicity belongs to."""

import polars as pl

GROUPS = ("White", "Mixed", "Asian", "Black", "Other")
REFERENCE_GROUP = "White"
_NOT_STATED = r"(?i)not (stated|known|recorded)|refused|unknown"
# What the first word says: the census, the 18+1 groups of data.police.uk and the officer's own view agree on it.
_FIRST_WORDS = {
    "white": "White",
    "mixed": "Mixed",
    "asian": "Asian",
    "chinese": "Asian",  # with Asian since the census of 2011
    "black": "Black",
    "other": "Other",
    "arab": "Other",
}


def ethnic_group(text: pl.Expr) -> pl.Expr:
    """Return the census group (GROUPS) of an ethnicity in words; null where it is empty, not stated or no such group.

    'Asian/Asian British - Pakistani', 'Asian, Asian British or Asian Welsh' and 'Asian' are the same group; 'Other
    ethnic group - Not stated' is none.
    """
    first = text.str.to_lowercase().str.extract(r"^\s*([a-z]+)")
    group = first.replace_strict(_FIRST_WORDS, default=None, return_dtype=pl.String)
    return pl.when(~text.str.contains(_NOT_STATED)).then(group)
