"""Files of Keras, of all its versions, without Keras."""
