"""What only shows when all rules are seen together, beside the problems that it tells."""
