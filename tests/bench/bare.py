"""The least that a Streamlit page can do for a click: one choice, one figure. What `clicks` measures against."""

import streamlit as st

LPAS = ["Coventry · LPA", "Dudley · LPA", "Sandwell · LPA", "Walsall · LPA"]  # as the suite's search names them
chosen = st.selectbox("Search", LPAS, index=None)
st.title(f"Figure of {chosen}")
