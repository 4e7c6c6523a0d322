"""Settings of all tests."""

from hypothesis import settings

# A loaded machine is no failure: no example has a time limit.
settings.register_profile("tierscape", deadline=None)
settings.load_profile("tierscape")
