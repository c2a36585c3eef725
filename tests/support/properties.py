"""Properties that hypothesis tries: how it does that here."""

from hypothesis import HealthCheck, settings

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However slow the machine is. The time that examples take says more about it than about the code."""
