"""A demonstration service whose people are all invented, standing at every point of the way.

It is made by the same verbs that people's presses call, so it holds nothing that the program could not have made.
Who they are and what they say stands in `people.json`.
"""

from decisionaid.demonstration.build import CONFIG, PASSWORD, PIN, fill, prepare

__all__ = ["CONFIG", "PASSWORD", "PIN", "fill", "prepare"]
