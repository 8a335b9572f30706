"""What holds for every test that draws its own examples."""

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True, database=None, max_examples=300)
settings.register_profile("explore", deadline=None, max_examples=20_000)
settings.load_profile("same")
