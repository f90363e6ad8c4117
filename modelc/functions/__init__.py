"""The functions of each element of a tensor, a row for each: what they are called, their equation and derivative."""
