"""The web application. `streamlit run app.py` starts it and says where to look."""

import streamlit as st

from components import opening
from components.routes import MIDDLEWARE, ROUTES
from components.server import lifespan, on_script_error

app = st.App(
    "components/shell.py",
    routes=[*ROUTES, *opening.ROUTES],
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=on_script_error,
)
