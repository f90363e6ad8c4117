"""What times are taken with and held against: steps that tell when they ran, and the limits of the machine."""
