"""Searches by hypothesis: the same ones on every machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "padan",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("padan")
