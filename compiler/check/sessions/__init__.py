"""History that is counted in sessions on bars shorter than a day, and the problems with it."""
