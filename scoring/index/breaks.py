"""Natural breaks: the classes of numbers that differ least within themselves."""

import numpy as np

from ..tiers import FloatArray, IntArray


def natural_breaks(values: FloatArray, count: int) -> IntArray:
    """Return the class of each value, 0 for the lowest, with the least sum of squares in all.

    Fisher's exact method by dynamic programming: the best `k` classes of the first j values end
    with some class from i on, before which stand the best k − 1 classes. Equal values are never
    parted. The result is that of mapclassify's FisherJenks, in half a second where that takes
    half a minute (5,000 values).

    Parameters
    ----------
    values
        Numbers without NaN, with at least `count` different ones.
    count
        Number of classes.

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American
    Statistical Association 53, 789-798.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 2.0, 9.0, 10.0, 30.0, 2.0]), 3)
    array([0, 0, 1, 1, 2, 0])
    """
    unique, at, sizes = np.unique(values, return_inverse=True, return_counts=True)
    # Centred, so that the differences of sums below lose no digits.
    centred = unique - values.mean()
    weight = np.r_[0.0, np.cumsum(sizes)]
    first = np.r_[0.0, np.cumsum(sizes * centred)]
    second = np.r_[0.0, np.cumsum(sizes * centred**2)]

    def squares(low: IntArray, high: int) -> FloatArray:
        """Return the sum of squares of values low to high − 1 about their mean, for each low."""
        total = first[high] - first[low]
        return np.asarray(second[high] - second[low] - total**2 / (weight[high] - weight[low]))

    n = len(unique)
    best = np.r_[0.0, [squares(np.array([0]), high)[0] for high in range(1, n + 1)]]
    start = np.zeros((count + 1, n + 1), dtype=np.int64)
    for k in range(2, count + 1):
        new = np.full(n + 1, np.inf)
        for high in range(k, n + 1):
            low = np.arange(k - 1, high)
            cost = best[low] + squares(low, high)
            least = int(cost.argmin())
            new[high], start[k, high] = cost[least], low[least]
        best = new
    classes = np.zeros(n, dtype=np.int64)
    end = n
    for k in range(count, 1, -1):
        classes[start[k, end] : end] = k - 1
        end = int(start[k, end])
    return np.asarray(classes[at], dtype=np.int64)
