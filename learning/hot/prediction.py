"""The chance that a learner answers a byte correctly: Elo on top of recall."""

from math import exp, log
from typing import Final

# No recall is certain, and none is hopeless: beyond these the logit would drown ability and difficulty.
MIN_RECALL: Final = 0.02
MAX_RECALL: Final = 0.98
# What is taken for the recall of a concept never met before: a child rarely comes with nothing.
UNSEEN_RECALL: Final = 0.6


def predict(recall: float, guess: float, ability: float, difficulty: float) -> float:
    """Return p = guess + (1 - guess) * sigmoid(logit(recall) + ability - difficulty).

    Recall and guess are probabilities; the learner's ability and the byte's difficulty are on the Elo logit scale.
    """
    clipped = min(max(recall, MIN_RECALL), MAX_RECALL)
    logit = log(clipped / (1 - clipped)) + ability - difficulty
    return guess + (1 - guess) / (1 + exp(-logit))
