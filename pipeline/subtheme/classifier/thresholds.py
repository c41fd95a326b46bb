"""Thresholds by rate matching: as many segments above it as are coded.

Per code, the threshold is the quantile of the out-of-fold probabilities at which the share proposed
equals the share coded, on whole transcripts. Against the maximum of F1 per code, which follows the noise
of a few positives, this gave the higher macro F1 on unseen participants at every size.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def rate_matched(probabilities: Matrix, Y: Matrix) -> Matrix:
    """Return one threshold per code; a segment is proposed when its probability reaches it.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Out-of-fold probabilities, shape (rows, codes).
    Y : numpy.ndarray
        1 for coded, 0 for not coded, same shape.
    """
    thresholds = np.empty(Y.shape[1])
    for code in range(Y.shape[1]):
        ranked = np.sort(probabilities[:, code])[::-1]
        count = min(int(Y[:, code].sum()), len(ranked))
        if count == 0:
            thresholds[code] = 1.0
        elif count == len(ranked):
            thresholds[code] = ranked[-1]
        else:
            thresholds[code] = (ranked[count - 1] + ranked[count]) / 2
    return thresholds
