"""Operations.

The operations of `{type: Operation}`: functions of `keras.ops` by name, as compositions of ops.
"""
