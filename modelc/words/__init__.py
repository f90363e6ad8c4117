"""Terms of other frameworks, of older versions of Keras and of other notations, for help lines.

Tables of words, and one function for each place where a word can occur. They never make a spec valid: a foreign term
stays an error, whose help line gives the term of modelc.
"""
