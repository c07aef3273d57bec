"""Accounts: who may sign in, as what, and for which area."""

from components import accounts, header
from components.address import language, say
from components.ask import EVERY, STORE, ask, viewer
from data import queries
from data.accounts import listing
from data.wording import N_

found = listing(STORE, viewer())
stored = ask(queries.places, registers=EVERY)
header.head(say(N_("Accounts")), accounts.sentence(found, language()))
accounts.show(found, stored)
accounts.show_encryption()
