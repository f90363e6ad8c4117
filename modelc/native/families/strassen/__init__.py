"""Matrix products with fewer multiplications, by Strassen's algorithm in Winograd's form."""
