"""Verdicts and abbreviations in words, on the About page."""

import streamlit as st

from pages.selections.context import Context
from pages.wording import explained, words

_GLOSSARY = {
    "ASB": "anti-social behaviour: nuisance, personal or environmental, as an incident's closing code says.",
    "CSEW": "Crime Survey for England and Wales: what residents say, whether or not it was reported.",
    "FTE": "full-time equivalent: two officers on half hours are one.",
    "LPA": "local policing area: a part of the force under one commander, itself parted into sectors.",
    "NPCC": "National Police Chiefs' Council.",
    "NPG": "Neighbourhood Policing Guarantee: the Home Office's promise of 2025 to the public.",
    "NPT": "neighbourhood policing team: the officers and PCSOs (police community support officers) of a place.",
    "NSIR": "National Standard for Incident Recording: how incidents are categorised and closed.",
    "PMP": "the record of one problem being solved. The force's papers write Pro-active Management Plan and Problem "
    "Management Profile.",
    "SARA": "scan, analyse, respond, assess: the four stages of solving a problem.",
    "TGP": "targeted guardian patrol: a foot patrol of a small hotspot at the hours that matter.",
}


def draw(context: Context) -> None:
    """Tell when a change is real, what each verdict means, and what the abbreviations stand for."""
    st.markdown("### When is a change real?", anchors=False)
    st.markdown(explained.JUDGED)
    st.markdown(explained.BY_HAND)
    lines = [f"| {mark.word} | {mark.meaning} |" for mark in words.VERDICTS.values()]
    st.markdown("\n".join(["| Verdict | Meaning |", "|---|---|", *lines]))
    st.markdown(
        "A percentage change is given only where the count it is based on is at least 20. A figure from radio fixes is "
        f"withheld where less than {context.reader.settings.parameters.min_coverage:g} % of duty time is known. A "
        "recorded change of practice starts a chart anew. Areas are ranked only where one direction is better."
    )
    st.markdown("### Several months counted as one", anchors=False)
    st.markdown(
        "Year to date (from 1 April), rolling 12 months, a range or several months: a total is the sum of its months, "
        "a rate the sum of its numerators over that of its denominators, a median that of all cases. Residents and "
        "other stocks count with the last month. Where a month is withheld or not known there is no figure. A verdict "
        "is of a month: the card says which. No target is compared: it is owned for a month."
    )
    st.markdown("### Two areas side by side", anchors=False)
    st.markdown(
        "Compare with an area, and each figure stands beside that area's, with the difference and its 95 % interval: "
        "Newcombe's of two shares, log-normal of the ratio of two rates (at least 5 events on each side). Where the "
        "months of an area vary more than chance alone would make them, the interval is wider by as much. Totals "
        "follow the size of an area, so they have none: compare their rate. Of twenty differences that are nothing, "
        "one passes by chance. Charts show a mix and the hours of the day as shares of each area's own; bars of areas "
        "have the other area as a dashed line, and maps of a month show the parts of both. What names single hotspots, "
        "offences or neighbourhoods shows the selected area alone."
    )
    st.markdown("### Narrowed figures", anchors=False)
    st.markdown(
        "A click on a category, a cause, an hour of the week, an offence group or a team narrows every figure of the "
        "page that has it; the line above the page names it, and what has it not says so. Narrowed figures have their "
        "own expected range and no target. Whoever looks where it is high today will see it fall by itself "
        "(regression to the mean). A choice holds on the pages that know it; elsewhere its chip says where it counts."
    )
    st.markdown("### What the abbreviations mean", anchors=False)
    lines = [f"| **{short}** | {meaning} |" for short, meaning in _GLOSSARY.items()]
    st.markdown("\n".join(["| Short | Meaning |", "|---|---|", *lines]))
