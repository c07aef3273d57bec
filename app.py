"""The web application. `streamlit run app.py` starts it and says where to look."""

import streamlit as st

from components.endpoints import MIDDLEWARE, ROUTES
from components.server import lifespan, on_script_error

app = st.App(
    "components/shell.py",
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=on_script_error,
)
