"""The least that a Streamlit page can do for a click: one choice, one figure. What `clicks` measures against."""

import streamlit as st

chosen = st.selectbox("LPA", ["Coventry", "Dudley", "Sandwell", "Walsall"], index=None, placeholder="all LPAs")
st.title(f"Figure of {chosen}")
