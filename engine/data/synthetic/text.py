"""Text, character by character: what comes next?"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from engine.data.dataset import Dataset
from engine.data.synthetic.base import Synthetic, samples
from engine.errors import DataError

PASSAGE = """\
Twinkle, twinkle, little star,
How I wonder what you are!
Up above the world so high,
Like a diamond in the sky.

When the blazing sun is gone,
When he nothing shines upon,
Then you show your little light,
Twinkle, twinkle, all the night.

Then the traveller in the dark
Thanks you for your tiny spark;
He could not see which way to go,
If you did not twinkle so.

In the dark blue sky you keep,
And often through my curtains peep,
For you never shut your eye
Till the sun is in the sky.

As your bright and tiny spark
Lights the traveller in the dark,
Though I know not what you are,
Twinkle, twinkle, little star.
"""  # Jane Taylor, The Star, 1806


class Characters(Synthetic):
    """Windows of ``length`` characters that begin anywhere in a text; asked at every step: the next character.

    The vocabulary is the set of characters of the text, in the order of their code points.
    """

    kind = "characters"
    title = "Characters of a text"
    summary = "Guess the next letter, again and again: a language model in small."
    group = "sequences"
    samples: int = samples(2000, "How many windows are drawn.")
    length: int = Field(
        32,
        ge=1,
        le=200,
        title="Length",
        description="Characters in a window.",
        json_schema_extra={"unit": "characters"},
    )
    text: str = Field("", max_length=5_000_000, title="Text", description="Any text, pasted; empty: a nursery rhyme.")

    def load(self, seed: int) -> Dataset:
        text = self.text or PASSAGE
        if len(text) <= self.length:
            raise DataError(
                "the text",
                f"has {len(text)} characters, and a window takes {self.length} and the one after",
                "Paste a longer text or choose a shorter window.",
            )
        codes, ids = np.unique(np.fromiter(map(ord, text), np.uint32, len(text)), return_inverse=True)
        if len(codes) < 2:
            raise DataError("the text", "repeats a single character", "Paste a text with some variety.")
        start = self.random(seed).integers(0, len(text) - self.length, (self.samples, 1))
        windows = ids[start + np.arange(self.length + 1)].astype(np.float64)
        return Dataset(
            name=self.title,
            x=np.ascontiguousarray(windows[:, :-1]),
            y=np.ascontiguousarray(windows[:, 1:]),
            task="multiclass",
            features=("character",),
            targets=("next character",),
            classes=tuple(map(chr, codes)),
            tokens=len(codes),
        )
