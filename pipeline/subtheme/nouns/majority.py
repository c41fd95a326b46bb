"""The majority rule of the study, in integers."""


def is_majority(present: int, participants: int) -> bool:
    """Return whether `present` of `participants` are more than half.

    Exactly half is not a majority, and nobody is not a majority of nobody.

    >>> is_majority(8, 14), is_majority(7, 14), is_majority(0, 0)
    (True, False, False)
    """
    return 2 * int(present) > int(participants)
