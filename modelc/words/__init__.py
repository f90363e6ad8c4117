"""What people write who come from other frameworks, from older versions of Keras, or from other habits.

Tables of words, and one function for each place where a word can stand: they give the help line of a mistake. Nothing
here makes a spec valid; a word that is not modelc's own stays a mistake, which says what to write instead.
"""
