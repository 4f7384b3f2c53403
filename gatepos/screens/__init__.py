"""What the clerk sees and touches: the only home of Qt. Screens show; they decide nothing."""
