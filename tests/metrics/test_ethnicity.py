"""The five groups of the census, from the words that the census, the published files and officers use."""

import polars as pl
import pytest

from metrics.ethnicity import GROUPS, ethnic_group

WORDS = {
    "White": "White",
    "White - English/Welsh/Scottish/Northern Irish/British": "White",
    "White: Gypsy or Irish Traveller": "White",
    "Asian, Asian British or Asian Welsh": "Asian",
    "Asian/Asian British - Pakistani": "Asian",
    "asian": "Asian",
    "Chinese": "Asian",
    "Black/African/Caribbean/Black British - African": "Black",
    "Black, Black British, Black Welsh, Caribbean or African": "Black",
    "Mixed/Multiple ethnic groups - White and Asian": "Mixed",
    "Mixed or Multiple ethnic groups": "Mixed",
    "Other ethnic group - Any other ethnic group": "Other",
    "Other ethnic group": "Other",
    "Other ethnic group - Not stated": None,
    "Not stated": None,
    "": None,
    None: None,
    "Whitehall": None,
}


@pytest.mark.parametrize(("words", "group"), WORDS.items())
def test_the_first_word_tells_the_group_unless_nothing_was_stated(words, group):
    found = pl.select(ethnic_group(pl.lit(words, pl.String))).item()
    assert found == group
    assert found is None or found in GROUPS
