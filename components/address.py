"""The address bar is the state of a screen: reading it and going somewhere else."""

from typing import get_args

import streamlit as st

from data.scope import Scope
from data.wording import DEFAULT, Language, Value, translate


def scope() -> Scope:
    return Scope.from_query(st.query_params)


def language() -> Language:
    chosen = st.query_params.get("lang")
    return chosen if chosen in get_args(Language) else DEFAULT  # type: ignore[return-value]


def query(target: Scope, reader: Language | None = None) -> dict[str, str]:
    """The query part of the address that shows `target` to this reader (default: in the language of this screen)."""
    reader = reader or language()
    return target.to_query() | ({} if reader == DEFAULT else {"lang": reader})


def go(target: Scope) -> None:
    """Changes the address; meant for callbacks, which run before the screen is drawn again."""
    st.query_params.from_dict(query(target))


def speak(reader: Language) -> None:
    st.query_params.from_dict(query(scope(), reader))


def say(message: str, **values: Value) -> str:
    """The sentence in the language of this screen."""
    return translate(message, language(), **values)
