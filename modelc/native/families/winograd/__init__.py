"""Convolutions with fewer multiplications, by Winograd's minimal filtering."""
