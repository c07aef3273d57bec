"""Codes, names, hierarchy and shapes of Indonesian places (Kemendagri)."""
